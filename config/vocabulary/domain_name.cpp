#include "config/vocabulary/domain_name.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "config/vocabulary/prepared_string.hpp"
#include "config/vocabulary/utf8.hpp"

#include <idn2.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

namespace kommpass {
namespace {

constexpr std::size_t longest_typed = 1024;  // in UTF-8; the name itself is no longer than 253

struct free_bytes {
    void operator()(std::uint8_t* bytes) const noexcept { idn2_free(bytes); }
};

bool is_ascii(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string without_last_dot(std::string name) {
    const bool is_root = name == "." || name.ends_with("..") || name.ends_with(" .");
    if (name.ends_with('.') && !is_root) name.pop_back();
    return name;
}

std::optional<std::string> a_labels(const std::string& name) {
    if (name.size() > longest_typed || !is_utf8(name)) return std::nullopt;
    std::uint8_t* made = nullptr;
    const auto outcome = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(name.c_str()), &made,
                                        IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    const std::unique_ptr<std::uint8_t, free_bytes> owned(made);
    if (outcome != IDN2_OK || made == nullptr) return std::nullopt;
    return reinterpret_cast<const char*>(made);
}

}  // namespace

std::string comparable_domain(std::string_view utf8) {
    // Case is UTS 46's: it keeps "ß" apart from "ss".
    const auto name = without_last_dot(prepared_keeping_case(utf8));
    if (is_ascii(name)) return lower_case(name);
    if (auto labels = a_labels(name)) return without_last_dot(*std::move(labels));
    auto other = prepared(name);
    return other == name ? other : comparable_domain(other);
}

}  // namespace kommpass
