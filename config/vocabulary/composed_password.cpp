#include "config/vocabulary/composed_password.hpp"

#include "config/vocabulary/utf8.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace kommpass {

std::optional<secret_string> composed(const secret_string& password) {
    const auto typed = password.reveal();
    const bool is_ascii = std::all_of(typed.begin(), typed.end(),
                                      [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (is_ascii || !is_utf8(typed)) return std::nullopt;
    utf8proc_uint8_t* made = nullptr;
    constexpr auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(typed.data()),
                                   static_cast<utf8proc_ssize_t>(typed.size()), &made, options);
    if (size < 0) return std::nullopt;
    const std::string_view text(reinterpret_cast<const char*>(made),
                                static_cast<std::size_t>(size));
    std::optional<secret_string> other;
    if (text != typed) other.emplace(text);
    ::explicit_bzero(made, static_cast<std::size_t>(size));
    std::free(made);
    return other;
}

}  // namespace kommpass
