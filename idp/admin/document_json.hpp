#pragma once

#include "idp/admin/refusal.hpp"
#include "policies/registry.hpp"

#include <boost/json/object.hpp>

// Documents of the registry as JSON, with the names that the files use. Reading is strict: an
// unknown member, a wrong type and a word that is none of the choices are named by their field.
namespace kommpass::idp::admin {

[[nodiscard]] boost::json::object to_json(const policies::member&);
[[nodiscard]] boost::json::object to_json(const policies::application&);
[[nodiscard]] boost::json::object to_json(const policies::client&);  // with the secrets' hashes
[[nodiscard]] boost::json::object to_json(const policies::mapping&);
[[nodiscard]] boost::json::object to_json(const policies::grant&);
[[nodiscard]] boost::json::object to_json(const policies::withdrawal&);
[[nodiscard]] boost::json::object to_json(const policies::constraint&);
[[nodiscard]] boost::json::object to_json(const policies::constraint_exception&);

// Takes out of a member's document what names files and secrets of the service's machine.
void hide_machine(boost::json::object& member);

[[nodiscard]] answer<policies::client> client_from(const boost::json::object&);
[[nodiscard]] answer<policies::role> role_from(const boost::json::object&);
[[nodiscard]] answer<policies::mapping> mapping_from(const boost::json::object&);
[[nodiscard]] answer<policies::constraint> constraint_from(const boost::json::object&);

}  // namespace kommpass::idp::admin
