#pragma once

#include "config/vocabulary/strong_string.hpp"
#include "idp/admin/refusal.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

namespace kommpass::idp::admin {

struct operation_context;
class actor;

// Everything that is held on a person, as one readable document (DSGVO Art. 15). Reads the whole
// audit log in bites. For an erased person only what still leads to them: nothing. That it was
// handed out is recorded.
[[nodiscard]] boost::asio::awaitable<answer<boost::json::object>> personal_data(operation_context&,
                                                                                const actor&,
                                                                                person_id);

}  // namespace kommpass::idp::admin
