#include "idp/oauth/user_code.hpp"

#include "config/vocabulary/randomness.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace kommpass::idp::oauth::user_code {
namespace {

constexpr std::string_view letters = "BCDFGHJKLMNPQRSTVWXZ";
constexpr std::size_t length = 8;
constexpr std::size_t longest_typed = 64;
// Bytes from here on would make some letters likelier than others.
constexpr unsigned fair_below = 256 / letters.size() * letters.size();

}  // namespace

std::string make(randomness& random) {
    std::string code;
    while (code.size() < length) {
        std::array<std::byte, 2 * length> bytes{};
        random.fill(bytes);
        for (const auto one : bytes) {
            const auto value = std::to_integer<unsigned>(one);
            if (value < fair_below && code.size() < length)
                code.push_back(letters[value % letters.size()]);
        }
    }
    return code;
}

std::string shown(std::string_view code) {
    std::string text(code.substr(0, length / 2));
    text.push_back('-');
    text.append(code.substr(length / 2));
    return text;
}

std::optional<std::string> read(std::string_view typed) {
    if (typed.size() > longest_typed) return std::nullopt;
    std::string code;
    for (char c : typed) {
        if (c == '-' || c == ' ' || c == '\t') continue;
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (letters.find(c) == std::string_view::npos) return std::nullopt;
        code.push_back(c);
    }
    if (code.size() != length) return std::nullopt;
    return code;
}

}  // namespace kommpass::idp::oauth::user_code
