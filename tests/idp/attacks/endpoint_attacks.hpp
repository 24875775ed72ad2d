#pragma once

#include "idp/api/call.hpp"
#include "tests/idp/attacks/world.hpp"

#include <string>
#include <vector>

namespace kommpass::tests::attacks {

// Attacks one address of the router, as it knows best; one that it does not know with forms of any
// fields, so that a new address joins by itself. What takes more than a form needs a row.
answer attack_address(world&, const std::string& path, hostile_person&, dice&);

// Every address whose answer depends on anything: all but keys, metadata and files.
[[nodiscard]] std::vector<std::string> attacked_addresses(const idp::http::router&);

// One request to the API, with arguments of every kind.
answer attack_operation(world&, hostile_person&, dice&);
answer attack_operation(const idp::api::endpoint&, world&, hostile_person&, dice&);

// Adds to the story what was asked and answered, and learns from the answer.
void tell(world&, const hostile_person&, const std::string& what, const answer&);

}  // namespace kommpass::tests::attacks
