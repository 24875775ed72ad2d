#include "idp/gateway/header_value.hpp"

#include "config/vocabulary/base64url.hpp"
#include "policies/gateway_entry.hpp"

#include <algorithm>

namespace kommpass::idp::gateway {
namespace {

using policies::header_format;

constexpr std::string_view hex = "0123456789ABCDEF";
// 75 characters at most for a word (RFC 2047, 2): "=?UTF-8?B?", 60 of base64, "?=".
constexpr std::size_t bytes_of_word = 45;

bool is_visible(char c) { return c >= 0x20 && c < 0x7f; }

std::string percent_encoded(std::string_view text) {
    std::string made;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = text[i];
        const bool outer_space = c == ' ' && (i == 0 || i + 1 == text.size());
        if (is_visible(c) && c != '%' && !outer_space) {
            made.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        made += {'%', hex[byte >> 4U], hex[byte & 15U]};
    }
    return made;
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }

// Standard base64 with padding (RFC 4648, 4), as encoded words have it.
std::string base64(std::string_view bytes) {
    auto made = base64url::encode(bytes);
    std::replace(made.begin(), made.end(), '-', '+');
    std::replace(made.begin(), made.end(), '_', '/');
    made.append((4 - made.size() % 4) % 4, '=');
    return made;
}

std::string encoded_words(std::string_view text) {
    std::string made;
    while (!text.empty()) {
        auto end = std::min(bytes_of_word, text.size());
        while (end > 0 && end < text.size() && !begins_character(text[end])) --end;
        if (end == 0) end = std::min(bytes_of_word, text.size());  // no UTF-8: cut anywhere
        if (!made.empty()) made.push_back(' ');
        made += "=?UTF-8?B?" + base64(text.substr(0, end)) + "?=";
        text.remove_prefix(end);
    }
    return made;
}

std::string without_controls(std::string_view text) {
    std::string made(text);
    std::replace_if(
        made.begin(), made.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    return made;
}

}  // namespace

std::string header_value(std::string_view text, header_format format) {
    switch (format) {
        case header_format::percent:
            return percent_encoded(text);
        case header_format::rfc2047: {
            const bool plain = std::all_of(text.begin(), text.end(), is_visible) &&
                               text.find("=?") == std::string_view::npos;
            return plain ? std::string(text) : encoded_words(text);
        }
        case header_format::utf8:
            return without_controls(text);
    }
    return {};
}

}  // namespace kommpass::idp::gateway
