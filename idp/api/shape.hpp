#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::api {

struct shape;

// Of an object.
struct shape_member {
    std::string_view name;
    std::shared_ptr<const shape> what;
    bool required = false;
};

// What a value of a request may be. The API takes a value by its shape and the OpenAPI document
// states the shape, so that the two cannot say different things.
struct shape {
    enum class kind { text, number, truth, list, object };

    kind what = kind::text;
    std::string_view name;  // of the schema in the document's components; empty: stated in place
    std::string_view about;
    // Characters of a text, items of a list, or the value of a number.
    long long least = 0;
    long long most = 0;
    // Of a text: an ECMA 262 expression, and the function that judges as it says.
    std::string_view pattern;
    bool (*holds)(std::string_view) = nullptr;
    bool pattern_says_length = false;     // then the document does not say it twice
    std::string_view format;              // "date"
    std::vector<std::string_view> words;  // of a text that is one of these
    bool may_be_null = false;
    std::string_view wrong;  // the code of a value that does not fit; empty: one by its kind
    boost::json::value example;
    std::shared_ptr<const shape> items{};  // of a list
    std::vector<shape_member> members{};   // of an object; no others are taken
    bool is_open = false;                  // an object with any members
};

struct shape_fault {
    std::string field;     // "mapping.roles"
    std::string code;      // "must_be_list"
    std::string expected;  // a sentence for whoever wrote the request
};

// Nothing if the value fits. `field` names it in the fault.
[[nodiscard]] std::optional<shape_fault> fault_of(const shape&, const boost::json::value&,
                                                  std::string_view field);
// The same for a value that came as text, in an address, a query or a header. A number is written
// without sign, point or leading zeros.
[[nodiscard]] std::optional<shape_fault> fault_of_text(const shape&, std::string_view,
                                                       std::string_view field);

// As JSON Schema (2020-12). Shapes with a name refer to "#/components/schemas/<name>".
[[nodiscard]] boost::json::object schema_of(const shape&);
// The schema itself, of a shape with a name.
[[nodiscard]] boost::json::object whole_schema_of(const shape&);
// The names and schemas of all shapes with a name within this one.
void collect_schemas(const shape&, boost::json::object& into);
// A value that fits, for a reader.
[[nodiscard]] boost::json::value example_of(const shape&);

}  // namespace kommpass::idp::api
