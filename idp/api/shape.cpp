#include "idp/api/shape.hpp"

#include "config/vocabulary/utf8.hpp"
#include "idp/http/decimal_number.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace kommpass::idp::api {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using kind = shape::kind;

std::string_view usual_code(kind what) {
    switch (what) {
        case kind::text:
            return "must_be_text";
        case kind::number:
            return "must_be_count";
        case kind::truth:
            return "must_be_truth";
        case kind::list:
            return "must_be_list";
        case kind::object:
            break;
    }
    return "must_be_object";
}

std::string bounds_of(const shape& of, const char* unit) {
    return std::to_string(of.least) + " to " + std::to_string(of.most) + unit;
}

std::string expectation_of(const shape& of) {
    if (!of.words.empty()) {
        std::string text = "one of";
        for (const auto word : of.words) text.append(" ").append(word);
        return text;
    }
    if (!of.about.empty()) return std::string(of.about);
    switch (of.what) {
        case kind::text:
            return bounds_of(of, " characters");
        case kind::number:
            return "a whole number from " + bounds_of(of, "");
        case kind::truth:
            return "true or false";
        case kind::list:
            return "a list of " + bounds_of(of, " items");
        case kind::object:
            break;
    }
    return "an object";
}

shape_fault fault(const shape& of, std::string_view field, std::string_view code) {
    return {std::string(field), std::string(code), expectation_of(of)};
}

shape_fault misshapen(const shape& of, std::string_view field) {
    return fault(of, field, of.wrong.empty() ? usual_code(of.what) : of.wrong);
}

std::optional<shape_fault> fault_of_characters(const shape& of, std::string_view text,
                                               std::string_view field) {
    if (!of.words.empty()) {
        const bool known = std::find(of.words.begin(), of.words.end(), text) != of.words.end();
        if (!known) return fault(of, field, "unknown_word");
        return std::nullopt;
    }
    // JSON Schema counts characters, not bytes.
    const auto length = static_cast<long long>(utf8_length(text));
    if (length == 0 && of.least > 0)
        return fault(of, field, of.wrong.empty() ? "missing" : of.wrong);
    if (length > of.most) return fault(of, field, of.wrong.empty() ? "too_long" : of.wrong);
    if (length < of.least) return misshapen(of, field);
    if (of.holds != nullptr && !of.holds(text))
        return fault(of, field, of.wrong.empty() ? "missing" : of.wrong);
    return std::nullopt;
}

std::optional<shape_fault> fault_of_members(const shape& of, const object& given,
                                            std::string_view field) {
    const auto inside = [&](std::string_view name) {
        return field.empty() ? std::string(name) : std::string(field) + "." + std::string(name);
    };
    for (const auto& field_given : given) {
        const std::string_view name = field_given.key();
        const bool known = std::any_of(of.members.begin(), of.members.end(),
                                       [&](const auto& one) { return one.name == name; });
        if (!known) return shape_fault{inside(name), "unknown_field", "no such field"};
    }
    for (const auto& one : of.members) {
        const auto* found = given.if_contains(one.name);
        if (found == nullptr && one.required) return fault(*one.what, inside(one.name), "missing");
        if (found == nullptr) continue;
        if (auto no = fault_of(*one.what, *found, inside(one.name))) return no;
    }
    return std::nullopt;
}

std::optional<shape_fault> fault_of_items(const shape& of, const array& given,
                                          std::string_view field) {
    const auto count = static_cast<long long>(given.size());
    if (count < of.least || count > of.most) return misshapen(of, field);
    for (const auto& one : given) {
        const auto no = fault_of(*of.items, one, field);
        // Of a list it is said as a whole that it is none of texts.
        if (no && !one.is_string()) return misshapen(of, field);
        if (no) return no;
    }
    return std::nullopt;
}

object bounded(const shape& of) {
    object made;
    const bool is_text = of.what == kind::text;
    const char* type = is_text                   ? "string"
                       : of.what == kind::number ? "integer"
                       : of.what == kind::truth  ? "boolean"
                       : of.what == kind::list   ? "array"
                                                 : "object";
    made["type"] = type;
    if (of.may_be_null) made["type"] = array{type, "null"};
    if (!of.words.empty()) {
        array words(of.words.begin(), of.words.end());
        if (of.may_be_null) words.emplace_back(nullptr);
        made["enum"] = std::move(words);
        return made;
    }
    if (of.what == kind::number) {
        made["minimum"] = of.least;
        made["maximum"] = of.most;
    }
    if (!of.pattern_says_length && (is_text || of.what == kind::list)) {
        if (of.least > 0) made[is_text ? "minLength" : "minItems"] = of.least;
        made[is_text ? "maxLength" : "maxItems"] = of.most;
    }
    if (!of.pattern.empty()) made["pattern"] = of.pattern;
    if (!of.format.empty()) made["format"] = of.format;
    return made;
}

}  // namespace

std::optional<shape_fault> fault_of(const shape& of, const value& given, std::string_view field) {
    if (given.is_null() && of.may_be_null) return std::nullopt;
    switch (of.what) {
        case kind::text:
            if (!given.is_string()) return fault(of, field, "must_be_text");
            return fault_of_characters(of, given.get_string(), field);
        case kind::number: {
            const auto* const number = given.if_int64();
            if (number == nullptr || *number < of.least || *number > of.most)
                return misshapen(of, field);
            return std::nullopt;
        }
        case kind::truth:
            if (!given.is_bool()) return misshapen(of, field);
            return std::nullopt;
        case kind::list:
            if (!given.is_array()) return misshapen(of, field);
            return fault_of_items(of, given.get_array(), field);
        case kind::object:
            break;
    }
    if (!given.is_object()) return misshapen(of, field);
    if (of.is_open) return std::nullopt;
    return fault_of_members(of, given.get_object(), field);
}

std::optional<shape_fault> fault_of_text(const shape& of, std::string_view given,
                                         std::string_view field) {
    if (of.what != kind::number) return fault_of_characters(of, given, field);
    const auto number = http::decimal_number(given);
    const bool canonical = number && std::to_string(*number) == given;
    if (!canonical || *number < of.least || *number > of.most) return misshapen(of, field);
    return std::nullopt;
}

object whole_schema_of(const shape& of) {
    auto made = bounded(of);
    if (!of.about.empty()) made["description"] = of.about;
    if (of.what == kind::list) made["items"] = schema_of(*of.items);
    if (of.what == kind::object && !of.is_open) {
        object properties;
        array required;
        for (const auto& one : of.members) {
            properties[one.name] = schema_of(*one.what);
            if (one.required) required.emplace_back(one.name);
        }
        made["properties"] = std::move(properties);
        if (!required.empty()) made["required"] = std::move(required);
        made["additionalProperties"] = false;
    }
    return made;
}

object schema_of(const shape& of) {
    if (of.name.empty()) return whole_schema_of(of);
    return object{{"$ref", "#/components/schemas/" + std::string(of.name)}};
}

void collect_schemas(const shape& of, object& into) {
    if (!of.name.empty() && !into.contains(of.name)) into[of.name] = whole_schema_of(of);
    if (of.items) collect_schemas(*of.items, into);
    for (const auto& one : of.members) collect_schemas(*one.what, into);
}

value example_of(const shape& of) {
    if (!of.example.is_null()) return of.example;
    if (of.what == kind::list) return array{example_of(*of.items)};
    if (of.what == kind::object) {
        object made;
        for (const auto& one : of.members) {
            if (one.required || !one.what->example.is_null())
                made[one.name] = example_of(*one.what);
        }
        return made;
    }
    if (!of.words.empty()) return value(of.words.front());
    if (of.what == kind::truth) return true;
    if (of.what == kind::number) return of.least;
    return value(nullptr);
}

}  // namespace kommpass::idp::api
