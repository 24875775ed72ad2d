#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/identity.hpp"
#include "policies/snapshot.hpp"

#include <string>
#include <utility>
#include <vector>

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::gateway {

using header_list = std::vector<std::pair<std::string, std::string>>;

// Whom the headers speak of.
struct spoken_of {
    const identity& who;
    const person_id& person;
    const policies::member& member;
    const std::vector<policies::effective_role>& roles;
    std::string_view acr;
};

// Every header that the application's entry names, each once; empty where there is no value, so
// that a proxy that copies all of them leaves nothing of what the browser sent.
[[nodiscard]] header_list identity_headers(const policies::application&, const spoken_of&,
                                           const jose::key_ring&, const std::string& issuer,
                                           instant now);
// The same for nobody.
[[nodiscard]] header_list empty_headers(const policies::application&);

}  // namespace kommpass::idp::gateway
