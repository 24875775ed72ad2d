#include "idp/oauth/authorization_details.hpp"

#include "idp/jose/strict_object.hpp"
#include "policies/authorization_details_types.hpp"
#include "policies/snapshot.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

namespace json = boost::json;
namespace types = policies::authorization_details_types;

constexpr std::size_t longest = 4096;
constexpr std::size_t most_details = 16;
constexpr std::size_t longest_reason = 200;

bool is_registered(const policies::client& client, std::string_view type) {
    const auto& own = client.authorization_details_types;
    return std::find(own.begin(), own.end(), type) != own.end();
}

const std::string* role_in(const policies::application& application, std::string_view name) {
    const auto found = std::find_if(application.roles.begin(), application.roles.end(),
                                    [&](const auto& role) { return role.name.view() == name; });
    return found == application.roles.end() ? nullptr : &found->name.str();
}

// A line that a person reads: no control characters, which could feign other lines.
bool is_one_line(std::string_view text) {
    return text.size() <= longest_reason && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
           });
}

// A list at the top is not what `parse_strict_object` takes: it stands in an object for it.
result<json::object, jose::jwt_error> wrapped(std::string_view text) {
    return jose::parse_strict_object("{\"all\":" + std::string(text) + "}");
}

const json::array* list_in(const result<json::object, jose::jwt_error>& whole) {
    const auto* all = whole && whole->size() == 1 ? whole->if_contains("all") : nullptr;
    return all != nullptr ? all->if_array() : nullptr;
}

class reader {
public:
    reader(const policies::snapshot& registry, const policies::client& client,
           const policies::application& application)
        : registry_(registry), client_(client), application_(application) {}

    result<role_detail, std::string> read(const json::value& one) const {
        const auto* object = one.if_object();
        const auto type = object != nullptr ? text(*object, "type") : std::nullopt;
        if (!type || *type != types::role || !is_registered(client_, *type))
            return std::string("a type of authorization_details is unknown, or not the client's");
        for (const auto& member : *object) {
            const auto name = member.key();
            if (name != "type" && name != "member" && name != "role" && name != "reason")
                return std::string(
                    "authorization_details has a member that its type does not know");
            if (!member.value().is_string())
                return std::string("a member of authorization_details is no text");
        }
        const auto member = text(*object, "member");
        if (!member || registry_.find_active_member(member_slug(*member)) == nullptr)
            return std::string("member of authorization_details is missing or none");
        const auto role = text(*object, "role");
        const auto* known = role ? role_in(application_, *role) : nullptr;
        if (known == nullptr)
            return std::string("role of authorization_details is none of the application");
        role_detail detail{member_slug(*member), role_name(*known),
                           text(*object, "reason").value_or(std::string())};
        if (!is_one_line(detail.reason))
            return std::string("reason of authorization_details is no line of 200 bytes");
        return detail;
    }

private:
    static std::optional<std::string> text(const json::object& in, std::string_view name) {
        const auto* value = in.if_contains(name);
        if (value == nullptr || !value->is_string()) return std::nullopt;
        return std::string(value->get_string());
    }

    const policies::snapshot& registry_;
    const policies::client& client_;
    const policies::application& application_;
};

}  // namespace

result<authorization_details, std::string> parse_authorization_details(
    std::string_view text, const policies::snapshot& registry, const policies::client& client,
    const policies::application& application) {
    if (text.size() > longest) return std::string("authorization_details is longer than 4 KiB");
    const auto whole = wrapped(text);
    const auto* list = list_in(whole);
    if (list == nullptr) return std::string("authorization_details is no JSON list");
    if (list->empty() || list->size() > most_details)
        return std::string("authorization_details has no object, or more than 16");
    authorization_details all;
    const reader of_client(registry, client, application);
    for (const auto& one : *list) {
        auto detail = of_client.read(one);
        if (!detail) return detail.error();
        if (std::find(all.begin(), all.end(), *detail) == all.end())
            all.push_back(std::move(*detail));
    }
    return all;
}

bool is_held(const role_detail& detail, const std::vector<policies::effective_role>& roles) {
    return std::any_of(roles.begin(), roles.end(), [&](const policies::effective_role& one) {
        const auto& members = one.for_members;
        return one.name == detail.role &&
               std::find(members.begin(), members.end(), detail.member) != members.end();
    });
}

json::array to_json(const authorization_details& details) {
    json::array all;
    for (const auto& one : details) {
        json::object made{
            {"type", types::role}, {"member", one.member.str()}, {"role", one.role.str()}};
        if (!one.reason.empty()) made["reason"] = one.reason;
        all.push_back(std::move(made));
    }
    return all;
}

std::string to_text(const authorization_details& details) {
    return details.empty() ? std::string() : json::serialize(to_json(details));
}

json::array still_held(const std::string& granted,
                       const std::vector<policies::effective_role>& roles) {
    json::array held;
    if (granted.empty()) return held;
    const auto whole = wrapped(granted);
    const auto* list = list_in(whole);
    if (list == nullptr) return held;
    for (const auto& one : *list) {
        const auto& object = one.as_object();
        const role_detail detail{member_slug(std::string(object.at("member").as_string())),
                                 role_name(std::string(object.at("role").as_string())),
                                 {}};
        if (is_held(detail, roles)) held.push_back(one);
    }
    return held;
}

}  // namespace kommpass::idp::oauth
