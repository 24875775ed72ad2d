#pragma once

#include "config/settings.hpp"
#include "policies/registry.hpp"

#include <string>
#include <string_view>

// The section `gateway` of an application and its rules (`gateway_entry.hpp`).
namespace kommpass::policies {

void validate_gateway(const registry&, const application&, config::mistakes&);

// A host as a browser writes it into its requests: lower case, A-labels, a port only if it is not
// 443.
[[nodiscard]] bool is_gateway_host(std::string_view);
// The name of a header that carries an identity: letters, digits and '-', and none that the
// protocol, a proxy or a browser uses for something else.
[[nodiscard]] bool is_identity_header(std::string_view);
// A path that every reader reads the same way: segments of plain characters, no dots alone, no
// empty ones. Ends in '/' for all that is below.
[[nodiscard]] bool is_rule_path(std::string_view);

}  // namespace kommpass::policies
