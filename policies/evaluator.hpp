#pragma once

#include "policies/duty_separation.hpp"
#include "policies/evaluation.hpp"
#include "policies/mapping_index.hpp"
#include "policies/role_catalogue.hpp"

#include <set>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kommpass::policies {

// Works out which roles a person holds, and why. Refers to the registry, which has been validated.
class evaluator {
public:
    evaluator(const registry&, const authorships&);

    [[nodiscard]] evaluation evaluate(const evaluated_person&, parsed_groups*) const;
    [[nodiscard]] const role_catalogue& catalogue() const noexcept { return catalogue_; }

private:
    struct work;
    void add_mappings(work&, parsed_groups*) const;
    void add_grants(work&) const;

    const authorships& authors_;
    mapping_index mappings_;
    role_catalogue catalogue_;
    duty_separation duties_;
    std::set<std::string_view> rights_givers_;  // ids of mappings that may give roles of `fed`
    std::unordered_map<std::string_view, std::vector<const grant*>> grants_;  // by person
    std::unordered_map<std::string_view, std::vector<const withdrawal*>> withdrawals_;
};

// Whether a rule with these days holds on `today`.
[[nodiscard]] constexpr bool in_force(const std::optional<day>& from,
                                      const std::optional<day>& until, day today) noexcept {
    return (!from || *from <= today) && (!until || today <= *until);
}

}  // namespace kommpass::policies
