#pragma once

#include "config/settings.hpp"
#include "idp/admin/refusal.hpp"
#include "policies/snapshot.hpp"

#include <boost/json/object.hpp>

namespace kommpass::idp::admin {

class actor;

// What the record of processing activities (DSGVO Art. 30) needs of Kommpass, as it is now: for
// each client the recipient, its purpose and the claims that it may get; for which members; and how
// long the audit log keeps what. `{"applications": [...], "retention_days": {...}}`.
[[nodiscard]] answer<boost::json::object> processing_overview(const policies::snapshot&,
                                                              const config::settings&,
                                                              const actor&);

}  // namespace kommpass::idp::admin
