#pragma once

#include "policies/registry.hpp"

#include <string_view>
#include <unordered_map>
#include <vector>

namespace kommpass::policies {

// Every role of every application, and what a composite role brings along. Refers to the registry,
// which has been validated: no composite role includes itself.
class role_catalogue {
public:
    explicit role_catalogue(const registry&);

    struct included_role {
        role_name name;
        std::vector<role_name> through;  // from the composite role down, without `name`
    };
    [[nodiscard]] const role* find(const role_name&) const noexcept;
    // Nothing for a role that includes none; each role once, by its shortest way.
    [[nodiscard]] const std::vector<included_role>& included_by(const role_name&) const noexcept;

private:
    std::unordered_map<std::string_view, const role*> roles_;
    std::unordered_map<std::string_view, std::vector<included_role>> included_;
};

// "dms" of "dms.lesen".
[[nodiscard]] application_key application_of(const role_name&);

}  // namespace kommpass::policies
