#pragma once

#include "tests/idp/attacks/world.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace kommpass::tests::attacks {

// A document of the registry as a request would carry it: new, or the one that is there with some
// fields changed. `kind`: the parameter's name ("mapping"); `own_name`: what the address says.
// Every field of `policies/fields.hpp` takes part by itself.
[[nodiscard]] boost::json::value random_document(std::string_view kind, const std::string& own_name,
                                                 world&, dice&);
[[nodiscard]] bool is_known_document(std::string_view kind);

}  // namespace kommpass::tests::attacks
