#include "idp/jose/media_type.hpp"

#include <algorithm>

namespace kommpass::idp::jose {
namespace {

constexpr std::string_view prefix = "application/";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_without_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

bool is_media_type(std::string_view typ, std::string_view wanted) noexcept {
    if (equal_without_case(typ.substr(0, prefix.size()), prefix)) typ.remove_prefix(prefix.size());
    return equal_without_case(typ, wanted);
}

}  // namespace kommpass::idp::jose
