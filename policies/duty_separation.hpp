#pragma once

#include "policies/evaluation.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kommpass::policies {

// One side of a constraint: "prodoppik.kasse", "*.fachadmin", "fed.*".
struct role_pattern {
    std::string application;  // empty: any
    std::string role;         // empty: any

    // Nothing for text of another form.
    [[nodiscard]] static std::optional<role_pattern> parse(std::string_view);
    [[nodiscard]] bool matches(const role_name&) const noexcept;
};

// Finds the roles of a person that must not stand together, and takes away what the constraints
// say. Refers to the registry, which has been validated.
class duty_separation {
public:
    explicit duty_separation(const registry&);

    // `held` is sorted by name and stays so.
    void apply(const evaluated_person&, const authorships&, evaluation& held) const;

private:
    struct compiled_constraint {
        const constraint* rule;
        role_pattern first;
        role_pattern second;
        bool same_application;
    };
    [[nodiscard]] std::string exception_for(const evaluated_person&, const constraint&) const;
    void find(const compiled_constraint&, const evaluated_person&, evaluation&) const;

    std::vector<compiled_constraint> constraints_;
    std::unordered_map<std::string_view, std::vector<const constraint_exception*>> exceptions_;
};

}  // namespace kommpass::policies
