#pragma once

#include <compare>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>

namespace kommpass {

// A string that cannot be mixed with a string of another meaning. The bytes are not checked here:
// whoever makes one from outside bytes has validated them.
template <class Tag>
class strong_string {
public:
    strong_string() = default;
    explicit strong_string(std::string value) : value_(std::move(value)) {}
    explicit strong_string(std::string_view value) : value_(value) {}
    explicit strong_string(const char* value) : value_(value) {}

    [[nodiscard]] const std::string& str() const noexcept { return value_; }
    [[nodiscard]] std::string_view view() const noexcept { return value_; }
    [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

    friend bool operator==(const strong_string&, const strong_string&) = default;
    friend std::strong_ordering operator<=>(const strong_string&, const strong_string&) = default;
    friend std::ostream& operator<<(std::ostream& out, const strong_string& s) {
        return out << s.value_;
    }

private:
    std::string value_;
};

using member_slug = strong_string<struct member_slug_tag>;          // "lebus"
using application_key = strong_string<struct application_key_tag>;  // "dms"
using client_id = strong_string<struct client_id_tag>;              // "dms-web"
using role_name = strong_string<struct role_name_tag>;  // "dms.lesen", always with its application
using person_id = strong_string<struct person_id_tag>;  // ours; never changes, never reused
using directory_id =
    strong_string<struct directory_id_tag>;  // the directory's immutable id, as text

}  // namespace kommpass

template <class Tag>
struct std::hash<kommpass::strong_string<Tag>> {
    using is_transparent = void;
    std::size_t operator()(const kommpass::strong_string<Tag>& s) const noexcept {
        return std::hash<std::string_view>{}(s.view());
    }
};
