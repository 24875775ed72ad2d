#include "idp/http/certificate_header.hpp"

#include "idp/http/base64.hpp"
#include "idp/http/header_grammar.hpp"

#include <algorithm>

namespace kommpass::idp::http {
namespace {

constexpr std::size_t longest = 16 * 1024;
constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view end = "-----END CERTIFICATE-----";

int digit_value(char c) noexcept {
    if (is_digit(c)) return c - '0';
    const char lower = to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// PEM has line ends, which `percent_decode` rightly refuses elsewhere.
std::optional<std::string> unescaped(std::string_view text) {
    std::string made;
    made.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            made.push_back(text[i]);
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = digit_value(text[i + 1]);
        const int low = digit_value(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        made.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return made;
}

bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// What stands between the two lines; exactly one certificate, and nothing around it.
std::optional<std::string> base64_of_pem(std::string_view pem) {
    while (!pem.empty() && is_space(pem.back())) pem.remove_suffix(1);
    if (!pem.starts_with(begin) || !pem.ends_with(end) || pem.size() < begin.size() + end.size())
        return std::nullopt;
    pem.remove_prefix(begin.size());
    pem.remove_suffix(end.size());
    std::string text;
    text.reserve(pem.size());
    std::copy_if(pem.begin(), pem.end(), std::back_inserter(text),
                 [](char c) { return !is_space(c); });
    return text;
}

// One SEQUENCE that takes up all the bytes (X.690, 8.1 and 10.1).
bool is_one_sequence(std::string_view der) noexcept {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(der[at]); };
    if (der.size() < 4 || byte(0) != 0x30) return false;
    if (byte(1) == 0x81) return byte(2) >= 0x80 && der.size() == std::size_t{3} + byte(2);
    if (byte(1) != 0x82) return false;  // none is shorter than 128 bytes, or longer than 65,535
    const auto length = static_cast<std::size_t>(byte(2)) * 256 + byte(3);
    return length >= 256 && der.size() == 4 + length;
}

std::optional<std::string> base64_in(std::string_view value) {
    if (value.starts_with(':')) {
        if (value.size() < 2 || !value.ends_with(':')) return std::nullopt;
        return std::string(value.substr(1, value.size() - 2));
    }
    const bool is_escaped = value.find('%') != std::string_view::npos;
    auto plain = is_escaped ? unescaped(value) : std::optional(std::string(value));
    if (!plain || !plain->starts_with("-----")) return plain;
    return base64_of_pem(*plain);
}

}  // namespace

std::optional<std::string> certificate_in_header(std::string_view value) {
    if (value.empty() || value.size() > longest) return std::nullopt;
    const auto text = base64_in(value);
    auto der = text ? decode_base64(*text) : std::nullopt;
    if (!der || !is_one_sequence(*der)) return std::nullopt;
    return der;
}

}  // namespace kommpass::idp::http
