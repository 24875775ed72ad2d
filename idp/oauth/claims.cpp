#include "idp/oauth/claims.hpp"

#include "idp/oauth/mapped_claims.hpp"
#include "idp/oauth/member_names.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

namespace kommpass::idp::oauth {
namespace {

namespace json = boost::json;

struct claim_rule {
    std::string_view scope;
    std::string_view name;
    json::value (*value)(const claim_source&);
};

json::value or_nothing(const std::string& text) {
    return text.empty() ? json::value() : json::value(text);
}

json::value shown(const std::string& text) { return or_nothing(shown_text(text)); }

json::value address_of(const claim_source& source) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> parts{
        {{"street", "street_address"}, {"l", "locality"}, {"postalcode", "postal_code"}}};
    json::object address;
    for (const auto& [attribute, member] : parts) {
        const auto found = source.who.attributes.find(std::string(attribute));
        if (found != source.who.attributes.end() && !found->second.empty()) {
            auto line = shown(found->second.front());
            if (!line.is_null()) address[member] = std::move(line);
        }
    }
    if (source.member != nullptr) {
        const auto& mapped = source.member->claims;
        for (const auto& [attribute, member] :
             {std::pair{&mapped.region, "region"}, {&mapped.country, "country"}}) {
            auto line = mapped_claims::text(source.who, *attribute);
            if (!line.is_null()) address[member] = std::move(line);
        }
    }
    return address.empty() ? json::value() : json::value(std::move(address));
}

using mapped_value = json::value (*)(const identity&, std::string_view attribute);

// What the member has named an attribute for.
template <std::string policies::profile_attributes::*Attribute, mapped_value Read>
json::value mapped(const claim_source& source) {
    return source.member ? Read(source.who, source.member->claims.*Attribute) : json::value();
}

using from = policies::profile_attributes;

// The one table of what exists, which scope releases it, and where it comes from. What could make
// an application take somebody for another member's person goes through member_names.
constexpr std::array<claim_rule, 21> rules{{
    {scopes::profile, "name", [](const claim_source& s) { return shown(s.who.display_name); }},
    {scopes::profile, "given_name", [](const claim_source& s) { return shown(s.who.given_name); }},
    {scopes::profile, "family_name",
     [](const claim_source& s) { return shown(s.who.family_name); }},
    {scopes::profile, "preferred_username",
     [](const claim_source& s) {
         return s.member ? or_nothing(unique_name(s.who, *s.member)) : json::value();
     }},
    {scopes::profile, "middle_name", mapped<&from::middle_name, mapped_claims::text>},
    {scopes::profile, "nickname", mapped<&from::nickname, mapped_claims::text>},
    {scopes::profile, "profile", mapped<&from::profile, mapped_claims::web_address>},
    {scopes::profile, "picture", mapped<&from::picture, mapped_claims::web_address>},
    {scopes::profile, "website", mapped<&from::website, mapped_claims::web_address>},
    {scopes::profile, "gender", mapped<&from::gender, mapped_claims::text>},
    {scopes::profile, "birthdate", mapped<&from::birthdate, mapped_claims::birthdate>},
    {scopes::profile, "zoneinfo", mapped<&from::zoneinfo, mapped_claims::text>},
    {scopes::profile, "locale", mapped<&from::locale, mapped_claims::locale>},
    {scopes::profile, "updated_at", mapped<&from::updated_at, mapped_claims::updated_at>},
    {scopes::profile, "member",
     [](const claim_source& s) { return json::value(s.who.member.str()); }},
    {scopes::profile, "member_name",
     [](const claim_source& s) {
         return s.member ? or_nothing(s.member->name.de) : json::value();
     }},
    {scopes::email, "email",
     [](const claim_source& s) {
         const auto mail = s.member ? mail_for(s.who, *s.member, s.foreign_mail) : std::nullopt;
         return mail ? json::value(mail->address) : json::value();
     }},
    {scopes::email, "email_verified",
     [](const claim_source& s) {
         const auto mail = s.member ? mail_for(s.who, *s.member, s.foreign_mail) : std::nullopt;
         return mail ? json::value(mail->verified) : json::value();
     }},
    {scopes::phone, "phone_number", [](const claim_source& s) { return shown(s.who.phone); }},
    {scopes::phone, "phone_number_verified",
     [](const claim_source& s) {
         return shown(s.who.phone).is_null() ? json::value() : json::value(false);
     }},
    {scopes::address, "address", [](const claim_source& s) { return address_of(s); }},
}};

std::string shown_name(const role_name& role, const policies::application& application) {
    if (!application.claim.strip_application_prefix) return role.str();
    return role.str().substr(application.key.str().size() + 1);
}

json::array role_array(const policies::application& application,
                       const std::vector<policies::effective_role>& roles) {
    json::array names;
    for (const auto& role : roles) names.emplace_back(shown_name(role.name, application));
    return names;
}

std::string role_words(const policies::application& application,
                       const std::vector<policies::effective_role>& roles) {
    std::string words;
    for (const auto& role : roles) {
        if (!words.empty()) words.push_back(' ');
        words.append(shown_name(role.name, application));
    }
    return words;
}

// "realm_access.roles" becomes {"realm_access": {"roles": ...}}.
void put_nested(json::object& into, std::string_view name, json::value value) {
    const auto dot = name.find('.');
    if (dot == std::string_view::npos) {
        into[name] = std::move(value);
        return;
    }
    auto& inner = into[name.substr(0, dot)];
    if (!inner.is_object()) inner = json::object();
    put_nested(inner.get_object(), name.substr(dot + 1), std::move(value));
}

bool holds_elsewhere(const policies::effective_role& role, const member_slug& own) {
    return role.for_members.size() != 1 || role.for_members.front() != own;
}

}  // namespace

void add_profile_claims(json::object& into, const claim_source& source,
                        const policies::client& client, const scope_list& scope,
                        const claims_by_name& by_name) {
    for (const auto& rule : rules) {
        const bool by_scope = contains(scope, rule.scope);
        const bool named =
            by_name.find(rule.name) != by_name.end() && contains(client.scopes, rule.scope);
        if (!by_scope && !named) continue;
        auto value = rule.value(source);
        if (!value.is_null()) into[rule.name] = std::move(value);
    }
}

void add_role_claims(json::object& into, const policies::application& application,
                     const policies::client& client,
                     const std::vector<policies::effective_role>& roles, const member_slug& own) {
    using shape = policies::role_claim::shape;
    const auto& claim = application.claim;
    switch (claim.form) {
        case shape::array:
            put_nested(into, claim.name, role_array(application, roles));
            break;
        case shape::space_separated:
            put_nested(into, claim.name, role_words(application, roles).c_str());
            break;
        case shape::object_per_client: {
            const json::object of_client{{"roles", role_array(application, roles)}};
            put_nested(into, claim.name, json::object{{client.id.str(), of_client}});
            break;
        }
    }
    json::object elsewhere;
    for (const auto& role : roles) {
        if (!holds_elsewhere(role, own)) continue;
        json::array members;
        for (const auto& member : role.for_members) members.emplace_back(member.str());
        elsewhere[shown_name(role.name, application)] = std::move(members);
    }
    if (!elsewhere.empty()) into["role_members"] = std::move(elsewhere);
}

std::vector<std::string> named_claims(const claims_request& asked, const policies::client& client,
                                      const scope_list& scope) {
    std::vector<std::string> names;
    for (const auto& rule : rules) {
        const bool named = asked.userinfo.find(rule.name) != asked.userinfo.end() ||
                           asked.id_token.find(rule.name) != asked.id_token.end();
        if (named && contains(client.scopes, rule.scope) && !contains(scope, rule.scope))
            names.emplace_back(rule.name);
    }
    return names;
}

bool names_roles(const claims_by_name& by_name, const policies::application& application) {
    const std::string_view own = application.claim.name;
    for (const auto name : {std::string_view("roles"), std::string_view("role_members"), own,
                            own.substr(0, own.find('.'))}) {
        if (by_name.find(name) != by_name.end()) return true;
    }
    return false;
}

std::vector<std::string> claims_of_scope(std::string_view scope) {
    std::vector<std::string> names;
    for (const auto& rule : rules) {
        if (rule.scope == scope) names.emplace_back(rule.name);
    }
    return names;
}

const std::vector<std::string>& supported_claims() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all{"sub",   "iss", "aud", "exp",   "iat",         "auth_time",
                                     "nonce", "acr", "amr", "roles", "role_members"};
        for (const auto& rule : rules) all.emplace_back(rule.name);
        return all;
    }();
    return names;
}

}  // namespace kommpass::idp::oauth
