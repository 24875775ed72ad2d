#pragma once

#include "policies/explain.hpp"

namespace kommpass::policies {

[[nodiscard]] std::string joined(const std::vector<std::string>& parts, std::string_view between);
[[nodiscard]] std::string joined(const std::vector<member_slug>& members);

// Sentences in both languages, side by side.
class speech {
public:
    explicit speech(language lang) : lang_(lang) {}
    std::string operator()(std::string german, std::string english) const {
        return lang_ != language::en ? std::move(german) : std::move(english);
    }

private:
    language lang_;
};

}  // namespace kommpass::policies
