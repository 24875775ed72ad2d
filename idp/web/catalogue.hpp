#pragma once

#include "config/vocabulary/language.hpp"

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

namespace kommpass::idp::web {

// The texts of one language: "sign_in.heading" to words. What a language lacks falls back to
// German.
class catalogue {
public:
    [[nodiscard]] static const catalogue& of(language);

    // A key that no catalogue has is a bug: throws std::out_of_range.
    [[nodiscard]] const std::string& text(std::string_view key) const;
    // Null for a key that no catalogue has.
    [[nodiscard]] const std::string* find(std::string_view key) const;
    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& own_texts()
        const noexcept {
        return own_;
    }
    [[nodiscard]] bool checked_by_a_speaker() const noexcept { return checked_; }

private:
    catalogue(std::initializer_list<std::string_view> sources, const catalogue* fallback);
    void add(std::string_view toml);

    std::map<std::string, std::string, std::less<>> own_;
    const catalogue* fallback_;
    bool checked_ = false;
};

}  // namespace kommpass::idp::web
