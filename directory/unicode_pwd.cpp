#include "directory/unicode_pwd.hpp"

#include "config/vocabulary/utf8.hpp"

#include <cstdint>

namespace kommpass::directory {
namespace {

void add_unit(std::string& into, std::uint32_t unit) {
    into += static_cast<char>(unit & 0xff);
    into += static_cast<char>(unit >> 8);
}

void add_code_point(std::string& into, std::uint32_t point) {
    if (point < 0x10000) return add_unit(into, point);
    point -= 0x10000;
    add_unit(into, 0xd800 + (point >> 10));
    add_unit(into, 0xdc00 + (point & 0x3ff));
}

// Of bytes that are known to be UTF-8.
std::uint32_t take_code_point(std::string_view& bytes) {
    const auto first = static_cast<std::uint8_t>(bytes.front());
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    std::uint32_t point = length == 1 ? first : first & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
        point = (point << 6) | (static_cast<std::uint8_t>(bytes[i]) & 0x3fU);
    bytes.remove_prefix(length);
    return point;
}

}  // namespace

secret_string unicode_pwd_value(const secret_string& password) {
    auto bytes = password.reveal();
    if (!is_utf8(bytes)) return {};
    std::string value;
    value.reserve(2 * bytes.size() + 4);  // no growth leaves a copy behind
    add_unit(value, '"');
    while (!bytes.empty()) add_code_point(value, take_code_point(bytes));
    add_unit(value, '"');
    return secret_string(std::move(value));
}

}  // namespace kommpass::directory
