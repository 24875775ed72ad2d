#pragma once

#include "idp/admin/refusal.hpp"

#include <boost/json/object.hpp>

namespace kommpass::idp::admin {

struct operation_context;
class actor;

// What the record of processing activities (DSGVO Art. 30) needs of Kommpass, as it is now: for
// each client the recipient, its purpose and the claims that it may get; for which members; and how
// long the audit log keeps what. `{"applications": [...], "retention_days": {...}}`.
[[nodiscard]] answer<boost::json::object> processing_overview(const operation_context&,
                                                              const actor&);

}  // namespace kommpass::idp::admin
