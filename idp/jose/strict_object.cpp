// JSON on which security decisions hang: parsed by Boost.JSON's event parser, since its DOM parser
// takes the last of doubled members in silence.
#include "idp/jose/foreign_jwt.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace kommpass::idp::jose {
namespace {

namespace json = boost::json;

constexpr std::size_t longest = 16 * 1024;
constexpr std::size_t deepest = 16;

// Watches the events for doubled member names. The value itself is made by a second, ordinary
// parse.
struct doubled_member_watch {
    static constexpr std::size_t max_object_size = 1024;
    static constexpr std::size_t max_array_size = 4096;
    static constexpr std::size_t max_key_size = longest;
    static constexpr std::size_t max_string_size = longest;

    std::vector<std::set<std::string>> open;
    std::string key;

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) {
        open.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t, json::error_code&) {
        open.pop_back();
        return true;
    }
    bool on_array_begin(json::error_code&) { return true; }
    bool on_array_end(std::size_t, json::error_code&) { return true; }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
        key.append(part);
        return true;
    }
    bool on_key(json::string_view part, std::size_t, json::error_code& error) {
        key.append(part);
        const bool is_new = open.back().insert(std::move(key)).second;
        key.clear();
        if (!is_new) error = json::error::syntax;
        return is_new;
    }
    bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
    bool on_string(json::string_view, std::size_t, json::error_code&) { return true; }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, json::error_code&) { return true; }
    bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return true; }
    bool on_double(double, json::string_view, json::error_code&) { return true; }
    bool on_bool(bool, json::error_code&) { return true; }
    bool on_null(json::error_code&) { return true; }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }
};

bool is_strict(std::string_view text) {
    json::parse_options options;
    options.max_depth = deepest;
    json::basic_parser<doubled_member_watch> parser(options);
    json::error_code error;
    const auto consumed = parser.write_some(false, text.data(), text.size(), error);
    return !error && consumed == text.size();
}

// JSON knows one kind of number (RFC 8259, 6): 316.0 and 3e2 are whole, and JSON Schema calls them
// integers. Up to 2^53 every whole number has its own double (RFC 7493, 2.2).
void take_as_whole(json::value& number) {
    constexpr double most = 9007199254740992.0;
    const double given = number.get_double();
    if (std::trunc(given) == given && std::abs(given) <= most)
        number = static_cast<std::int64_t>(given);
}

// Recursion is bounded by `deepest`.
void take_whole_numbers(json::value& in) {
    if (in.is_double()) take_as_whole(in);
    if (auto* const list = in.if_array()) {
        for (auto& one : *list) take_whole_numbers(one);
    }
    if (auto* const members = in.if_object()) {
        for (auto& one : *members) take_whole_numbers(one.value());
    }
}

}  // namespace

result<json::object, jwt_error> parse_strict_object(std::string_view text) {
    if (text.size() > longest || !is_strict(text)) return jwt_error::malformed;
    json::parse_options options;
    options.max_depth = deepest;
    json::error_code error;
    auto value = json::parse(text, error, {}, options);
    if (error || !value.is_object()) return jwt_error::malformed;
    take_whole_numbers(value);
    return std::move(value.get_object());
}

}  // namespace kommpass::idp::jose
