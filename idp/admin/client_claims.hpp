#pragma once

#include "config/vocabulary/strong_string.hpp"
#include "idp/admin/refusal.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

namespace kommpass::idp::admin {

struct operation_context;
class actor;

// What a client would get for a person who signs in now, made by the code that makes the tokens:
// `{"verdict", "roles", "id_token", "access_token", "userinfo"}`; without the last three unless the
// verdict is "granted". No token leaves the service. `person` empty: whoever asks; others only for
// whom may see them.
[[nodiscard]] boost::asio::awaitable<answer<boost::json::object>> client_claims(
    operation_context&, const actor&, application_key, client_id, person_id person);

}  // namespace kommpass::idp::admin
