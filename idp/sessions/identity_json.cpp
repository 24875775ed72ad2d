#include "idp/sessions/identity_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace kommpass::idp::sessions {
namespace {

namespace json = boost::json;

json::array strings(const std::vector<std::string>& values, const json::storage_ptr& memory) {
    json::array list(memory);
    for (const auto& value : values) list.emplace_back(value);
    return list;
}

std::vector<std::string> strings(const json::value& list) {
    std::vector<std::string> values;
    for (const auto& value : list.as_array()) values.emplace_back(value.as_string());
    return values;
}

std::string text(const json::object& whole, std::string_view name) {
    return std::string(whole.at(name).as_string());
}

identity from_object(const json::object& whole) {
    identity who;
    who.member = member_slug(text(whole, "m"));
    who.id = directory_id(text(whole, "id"));
    who.dn = text(whole, "dn");
    who.login_name = text(whole, "ln");
    who.display_name = text(whole, "n");
    who.given_name = text(whole, "gn");
    who.family_name = text(whole, "fn");
    who.mail = text(whole, "em");
    who.phone = text(whole, "ph");
    who.groups_cut_off = whole.contains("gc");
    for (const auto& one : whole.at("g").as_array()) {
        const auto& group = one.as_array();
        who.groups.push_back(
            {std::string(group.at(0).as_string()), std::string(group.at(1).as_string()),
             group.size() > 2 ? strings(group.at(2)) : std::vector<std::string>{},
             group.size() > 3 ? strings(group.at(3)) : std::vector<std::string>{}});
    }
    for (const auto& [name, values] : whole.at("a").as_object()) {
        who.attributes.emplace(name, strings(values));
    }
    return who;
}

}  // namespace

std::string to_json(const identity& who) {
    unsigned char first_block[4096];
    json::monotonic_resource arena(first_block);
    const json::storage_ptr memory(&arena);

    json::array groups(memory);
    for (const auto& group : who.groups) {
        json::array one({json::value(group.dn, memory), json::value(group.name, memory)}, memory);
        const bool has_more = !group.other_names.empty();
        if (has_more || !group.path.empty()) one.emplace_back(strings(group.path, memory));
        if (has_more) one.emplace_back(strings(group.other_names, memory));
        groups.emplace_back(std::move(one));
    }
    json::object attributes(memory);
    for (const auto& [name, values] : who.attributes)
        attributes.emplace(name, strings(values, memory));

    json::object whole(memory);
    whole.reserve(12);
    whole.emplace("m", who.member.str());
    whole.emplace("id", who.id.str());
    whole.emplace("dn", who.dn);
    whole.emplace("ln", who.login_name);
    whole.emplace("n", who.display_name);
    whole.emplace("gn", who.given_name);
    whole.emplace("fn", who.family_name);
    whole.emplace("em", who.mail);
    whole.emplace("ph", who.phone);
    if (who.groups_cut_off) whole.emplace("gc", true);
    whole.emplace("g", std::move(groups));
    whole.emplace("a", std::move(attributes));
    return json::serialize(whole);
}

std::optional<identity> identity_from_json(std::string_view text) {
    unsigned char first_block[4096];
    json::monotonic_resource arena(first_block);
    boost::system::error_code error;
    const auto parsed = json::parse(text, error, &arena);
    if (error || !parsed.is_object()) return std::nullopt;
    try {
        return from_object(parsed.get_object());
    } catch (const std::exception&) {  // what Boost.JSON's checked access throws
        return std::nullopt;
    }
}

}  // namespace kommpass::idp::sessions
