#include "tests/policies/example_registry.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace kommpass::tests {
namespace {

using namespace policies;

member make_member(const std::string& slug) {
    member m;
    m.slug = member_slug(slug);
    m.name.de = "Verwaltung " + slug;
    m.domains = {slug + ".example"};
    m.directory.urls = {"ldaps://ldap." + slug + ".example:636"};
    m.directory.person_base = "ou=people,dc=" + slug + ",dc=example";
    m.directory.group_base = "ou=groups,dc=" + slug + ",dc=example";
    return m;
}

application make_application(const std::string& key, int roles) {
    application a;
    a.key = application_key(key);
    a.name.de = "Anwendung " + key;
    for (int i = 0; i < roles; ++i) {
        const auto name = key + ".rolle" + std::to_string(i);
        a.roles.push_back({role_name(name), {"Rolle " + std::to_string(i), {}}, {}});
    }
    client c;
    c.id = client_id(key + "-web");
    c.secret_sha256 = {std::string(64, 'a')};
    c.redirect_uris = {"https://" + key + ".example/callback"};
    a.clients = {c};
    return a;
}

mapping rule(const std::string& id, const std::string& role) {
    mapping m;
    m.id = id;
    m.roles = {role_name(role)};
    return m;
}

template <class Random>
int below(Random& random, int bound) {
    return static_cast<int>(random() % static_cast<unsigned>(bound));
}

std::string random_text(std::mt19937& random) {
    static const std::vector<std::string> pieces{"a", "Z", "ä", "ł", "\"", "\\",   "\n", "\t", "#",
                                                 "=", "[", "]", " ", "'",  "\x01", "ß",  "0"};
    std::string text;
    for (int i = below(random, 12); i > 0; --i)
        text += pieces[static_cast<std::size_t>(below(random, static_cast<int>(pieces.size())))];
    return text;
}

}  // namespace

registry example_registry() {
    registry all;
    for (const auto* slug : {"lebus", "cottbus"})
        all.members.emplace(member_slug(slug), make_member(slug));
    for (const auto* key : {"dms", "meso"})
        all.applications.emplace(application_key(key), make_application(key, 3));
    all.subscriptions = {{member_slug("cottbus"), application_key("dms")},
                         {member_slug("lebus"), application_key("dms")}};
    auto by_dn = rule("lebus-meldeamt", "dms.rolle0");
    by_dn.member = member_slug("lebus");
    by_dn.group = "cn=GG_Meldeamt,ou=groups,dc=lebus,dc=example";
    auto by_name = rule("alle-meldeamt", "dms.rolle1");
    by_name.group = "gg_meldeamt";
    auto by_attribute = rule("amt-33", "dms.rolle2");
    by_attribute.attribute = "departmentNumber";
    by_attribute.attribute_value = "33";
    by_attribute.within = "ou=people,dc=lebus,dc=example";
    for (auto& m : {by_dn, by_name, by_attribute}) all.mappings.emplace(m.id, m);
    return all;
}

registry changed(const std::function<void(registry&)>& change) {
    auto all = example_registry();
    change(all);
    return all;
}

snapshot_ptr compiled(registry all) {
    auto made = compile(std::move(all), 7);
    if (!made) FAIL(made.error().front().to_string());
    return *made;
}

identity anna() {
    identity who;
    who.member = member_slug("lebus");
    who.id = directory_id("1");
    who.display_name = "Anna Noack";
    who.dn = "uid=anna.noack,OU=People,dc=lebus,dc=example";
    who.groups = {
        {"CN=GG_Meldeamt, OU=Groups,DC=lebus,DC=example", "GG_Meldeamt", {"GG_Buergerservice"}}};
    return who;
}

registry random_registry(std::mt19937& random) {
    auto all = example_registry();
    for (auto& [slug, m] : all.members) {
        // Names are judged; what is free text is anything.
        m.name.en = below(random, 2) ? "Administration of " + slug.str() : "";
        m.name_variant = below(random, 2) ? "Zastojnstwo " + slug.str() : "";
        m.help_contact = random_text(random);
        m.directory.nesting_depth = below(random, 9);
        m.directory.deadline = std::chrono::milliseconds(5000 + below(random, 5000));
        m.directory.extra_attributes = below(random, 2)
                                           ? std::vector<std::string>{"departmentNumber"}
                                           : std::vector<std::string>{};
        if (!m.directory.extra_attributes.empty() && below(random, 2))
            m.claims.nickname = "departmentNumber";
    }
    for (auto& [key, a] : all.applications) {
        a.description.de = random_text(random);
        a.claim.form = static_cast<role_claim::shape>(below(random, 3));
        a.require_role = below(random, 2) != 0;
        auto& c = a.clients.front();
        if (below(random, 2)) c.default_max_age = std::chrono::seconds(below(random, 9999));
        if (below(random, 2)) c.default_acr_values = {"urn:kommpass:acr:second-factor", "gold"};
        if (below(random, 2)) c.userinfo_alg = static_cast<signing_algorithm>(below(random, 5));
        if (below(random, 2))
            c.introspection_alg = static_cast<signing_algorithm>(below(random, 5));
        c.access_token_format = static_cast<access_token_format>(below(random, 2));
        c.logout_token_typ = static_cast<logout_token_typ>(below(random, 2));
        if (below(random, 2)) c.access_token_lifetime = std::chrono::seconds(60);
        if (below(random, 2)) c.refresh_token_idle_time = std::chrono::hours(24);
        if (below(random, 2))
            c.frontchannel_logout_uri = "https://" + c.id.str() + ".example/front";
        c.foreign_mail = static_cast<foreign_mail>(below(random, 2));
        c.subject = static_cast<subject_type>(below(random, 2));
        c.scopes =
            below(random, 2) ? std::vector<std::string>{"openid"} : std::vector<std::string>{};
    }
    for (int i = 0; i < 12; ++i) {
        auto m =
            rule("zufall-" + std::to_string(i), (below(random, 2) ? "dms.rolle" : "meso.rolle") +
                                                    std::to_string(below(random, 3)));
        if (below(random, 2)) m.member = member_slug(below(random, 2) ? "lebus" : "cottbus");
        if (below(random, 3))
            m.group = below(random, 2) ? "g" + std::to_string(below(random, 4))
                                       : "cn=g" + std::to_string(below(random, 4)) + ",dc=x";
        if (below(random, 3) == 0) {
            m.attribute = "departmentnumber";
            m.attribute_value = std::to_string(below(random, 3));
        }
        if (below(random, 3) == 0 || (m.group.empty() && m.attribute.empty()))
            m.within = "ou=o" + std::to_string(below(random, 2)) + ",dc=x";
        if (below(random, 4) == 0) m.for_members = {member_slug("cottbus"), member_slug("lebus")};
        m.note = random_text(random);
        all.mappings.emplace(m.id, m);
    }
    return all;
}

identity random_identity(std::mt19937& random) {
    identity who;
    who.member = member_slug(below(random, 2) ? "lebus" : "cottbus");
    who.dn = "uid=p,ou=o" + std::to_string(below(random, 3)) + ",dc=x";
    for (int i = 0; i < 4; ++i) {
        if (below(random, 2))
            who.groups.push_back(
                {"CN=G" + std::to_string(i) + ",DC=X", "G" + std::to_string(i), {}});
    }
    if (below(random, 2))
        who.attributes["departmentnumber"] = {std::to_string(below(random, 3)), "9"};
    return who;
}

}  // namespace kommpass::tests
