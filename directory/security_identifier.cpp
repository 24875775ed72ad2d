#include "directory/security_identifier.hpp"

#include <charconv>
#include <cstdint>

namespace kommpass::directory {
namespace {

constexpr std::size_t header = 8;  // revision, count of numbers, authority
constexpr std::size_t most_numbers = 15;

std::string hexadecimal(std::string_view bytes, std::string_view before_each) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += before_each;
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

}  // namespace

std::string sid_of_primary_group(std::string_view person_sid, std::string_view primary_group_id) {
    std::uint32_t number = 0;
    const auto end = primary_group_id.data() + primary_group_id.size();
    const auto [stopped, error] = std::from_chars(primary_group_id.data(), end, number);
    if (error != std::errc() || stopped != end || person_sid.size() < header + 4) return {};
    const auto count = static_cast<unsigned char>(person_sid[1]);
    if (person_sid[0] != 1 || count == 0 || count > most_numbers ||
        person_sid.size() != header + 4 * std::size_t{count}) {
        return {};
    }
    std::string sid(person_sid);
    for (std::size_t i = 0; i < 4; ++i)
        sid[sid.size() - 4 + i] = static_cast<char>(number >> (8 * i) & 0xff);
    return sid;
}

std::string sid_reference(std::string_view sid) { return "<SID=" + hexadecimal(sid, "") + ">"; }

std::string escaped_bytes(std::string_view bytes) { return hexadecimal(bytes, "\\"); }

}  // namespace kommpass::directory
