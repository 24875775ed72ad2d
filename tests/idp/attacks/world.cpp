#include "tests/idp/attacks/world.hpp"

#include "config/vocabulary/distinguished_name.hpp"
#include "idp/admin/rights.hpp"
#include "idp/http/method.hpp"
#include "idp/jose/hash.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/idp/attacks/agreements.hpp"
#include "tests/support/administration.hpp"

#include <algorithm>
#include <stdexcept>

namespace kommpass::tests::attacks {
namespace {

using idp::http::method;

std::string group_dn(const std::string& member, const std::string& group) {
    return "cn=" + group + ",ou=groups,dc=" + member + ",dc=example";
}

constexpr const char* fed_roles[] = {"helpdesk",       "mandantenadmin", "rollenverwaltung",
                                     "rollenfreigabe", "appbetrieb",     "zentraladmin",
                                     "pruefung"};

policies::mapping rule(const std::string& id, const std::string& member, const std::string& group,
                       const std::string& role) {
    policies::mapping made;
    made.id = id;
    made.member = member_slug(member);
    made.group = group_dn(member, group);
    made.roles = {role_name(role)};
    return made;
}

// Each member's own groups give its people rights in Kommpass itself.
void add_rules(policies::registry& all) {
    std::erase_if(all.mappings, [](const auto& one) { return one.first.starts_with("fed-"); });
    for (const auto* member : {"lebus", "cottbus", "dikom", hostile_member}) {
        for (const std::string name : fed_roles) {
            const bool central = name == "zentraladmin" || name == "pruefung";
            if (central != (std::string(member) == "dikom")) continue;
            auto made = rule(std::string(member) + "-" + name, member, "GG_" + name, "fed." + name);
            all.mappings.emplace(made.id, made);
        }
    }
    auto own = rule("hostil-alle", hostile_member, "GG_Groupware", "groupware.postfach");
    own.roles.emplace_back("dms.lesen");
    all.mappings.emplace(own.id, own);
    auto joint = rule("lebus-fuer-cottbus", "lebus", "GG_Registratur", "groupware.postfach");
    joint.for_members = {member_slug("cottbus"), member_slug("lebus")};
    joint.agreed = {member_slug("cottbus")};
    joint.note = private_word;
    all.mappings.emplace(joint.id, joint);
}

void add_hostile_member(policies::registry& all) {
    auto hostile = all.members.at(member_slug("lebus"));
    hostile.slug = member_slug(hostile_member);
    hostile.name.de = "Hostil";
    hostile.domains = {hostile_domain};
    hostile.directory.person_base = "ou=people,dc=hostil,dc=example";
    hostile.directory.group_base = "ou=groups,dc=hostil,dc=example";
    all.members.emplace(hostile.slug, hostile);
    for (const auto* application : {"dms", "fed", "groupware", "meso"})
        all.subscriptions.push_back({hostile.slug, application_key(application)});

    policies::application operated;
    operated.key = application_key("verfahren");
    operated.name.de = "Verfahren von Hostil";
    operated.operated_by = hostile.slug;
    operated.roles = {{role_name("verfahren.nutzen"), {"Nutzen", {}}, {}}};
    operated.require_role = false;
    policies::client client;
    client.id = client_id("verfahren-web");
    client.secret_sha256 = {idp::jose::sha256_hex(test_idp::secret)};
    client.redirect_uris = {"https://verfahren.example/callback"};
    client.grant_types = {"authorization_code", "refresh_token"};
    client.scopes = {"openid", "profile", "email", "offline_access"};
    operated.clients = {client};
    all.applications.emplace(operated.key, operated);
    for (const auto* member : {"cottbus", "lebus", hostile_member})
        all.subscriptions.push_back({member_slug(member), operated.key});
}

}  // namespace

world::world()
    : idp([this](remembered_directories& table) {
          auto made = std::make_unique<hostile_directory>(hostile_member, table);
          directory = made.get();
          return made;
      }) {
    add_members();
    add_people();
    add_honest_work();
    know_everything();
    const auto registry = idp.parts().registry.get();
    for (const auto& one : clients_in_force(registry->documents()))
        agreed_to[one].insert("dikom " + as_shown(registry->documents(), one));
}

void world::add_members() {
    idp.change_registry([](policies::registry& all) {
        add_administration(all);
        add_hostile_member(all);
        add_rules(all);
        std::sort(all.subscriptions.begin(), all.subscriptions.end(),
                  [](const auto& a, const auto& b) {
                      return std::tie(a.member, a.application) < std::tie(b.member, b.application);
                  });
    });
}

void world::add_people() {
    const auto add = [&](const char* member, const char* domain, const char* user,
                         std::initializer_list<const char*> groups) {
        honest_person made{member, domain, user, "Geheim-" + std::string(user), {}, {}, {}, {}};
        auto& who = idp.directories.add(member, user, made.password).who;
        who.display_name = std::string("Name von ") + user;
        who.mail = std::string(user) + "@" + domain;
        who.phone = private_word;
        for (const std::string group : groups)
            who.groups.push_back({group_dn(member, group), group, {}});
        honest_people.push_back(std::move(made));
    };
    add("lebus", "amt-lebus.example", "anna.noack", {"GG_Groupware", "GG_Registratur"});
    add("lebus", "amt-lebus.example", "leitung.lebus",
        {"GG_Groupware", "GG_mandantenadmin", "GG_rollenfreigabe"});
    add("cottbus", "cottbus.example", "jan.kowal", {"GG_Groupware"});
    add("cottbus", "cottbus.example", "leitung.cottbus",
        {"GG_Groupware", "GG_mandantenadmin", "GG_rollenfreigabe"});
    add("dikom", "dikom.example", "zentrale", {"GG_zentraladmin"});
    for (auto& one : honest_people) {
        const bool is_administrator = one.user != "anna.noack" && one.user != "jan.kowal";
        if (one.member != "dikom") {
            const auto got =
                sign_in(one.cookies, "groupware-web", one.user, one.password, one.member, {}, true);
            if (got.access.empty()) throw std::runtime_error("no token for " + one.user);
            one.tokens.push_back(got);
        }
        if (is_administrator) {
            const auto got = sign_in(one.cookies, "fed-api", one.user, one.password, one.member,
                                     {{"scope", "openid fed:read fed:write"}}, true);
            if (got.access.empty()) throw std::runtime_error("no API token for " + one.user);
            one.api = got.access;
        }
        const auto asked = idp.parts().memory.read_now([&](idp::store::transaction& t) {
            const auto id = idp.directories.of(one.member, one.user).who.id;
            if (const auto found = t.persons().find(member_slug(one.member), id))
                one.id = found->id.str();
        });
        if (!asked || one.id.empty()) throw std::runtime_error("no person for " + one.user);
    }
    for (const std::string user : {"chef", "rollen", "betrieb", "alles"}) {
        std::vector<std::string> groups;
        for (const std::string name : fed_roles) {
            const bool has = user == "alles" || (user == "chef" && name == "mandantenadmin") ||
                             (user == "rollen" && name.starts_with("rollen")) ||
                             (user == "betrieb" && name == "appbetrieb");
            if (has) groups.push_back(group_dn(hostile_member, "GG_" + name));
            if (user == "alles") groups.push_back(group_dn("dikom", "GG_" + name));
        }
        groups.push_back(group_dn(hostile_member, "GG_Groupware"));
        directory->keep(user, groups);
        hostile_people.push_back({user, {}, {}});
        give_api_token(hostile_people.back());
        if (hostile_people.back().api.empty()) throw std::runtime_error("no token for " + user);
    }
}

// What the honest members have under way, made by their own administrators.
void world::add_honest_work() {
    const auto done = [&](const std::string& user, method how, const std::string& path,
                          const std::string& body) {
        const auto got = api(idp, honest(user).api, how, path, body);
        if (got.status() >= 300) throw std::runtime_error(path + ": " + got.body());
        return got;
    };
    // The hostile member was invited like any other, and kept a link from then.
    const auto become = [&](bool active) {
        idp.change_registry([&](policies::registry& all) {
            all.members.at(member_slug(hostile_member)).active = active;
        });
    };
    become(false);
    learn(done("zentrale", method::post, "/members/hostil/invitation", {}).json());
    become(true);
    const std::string why = std::string(R"("reason":")") + private_word + R"(")";
    const std::pair<const char*, const char*> members[] = {{"lebus", "anna.noack"},
                                                           {"cottbus", "jan.kowal"}};
    for (const auto& [member, user] : members) {
        const auto lead = "leitung." + std::string(member);
        const auto whom =
            std::string(R"({"member":")") + member + R"(","person":")" + honest(user).id + R"(",)";
        done(lead, method::post, "/grants", whom + R"("role":"verfahren.nutzen",)" + why + "}");
        done(lead, method::post, "/grants", whom + R"("role":"groupware.betrieb",)" + why + "}");
        done(lead, method::post, "/exceptions",
             whom + R"("constraint":"akten","until":"2099-01-01",)" + why + "}");
        done(lead, method::post, "/persons/" + honest(user).id + "/role-end",
             std::string(R"({"member":")") + member + R"(","role":"dms.bearbeiten","why":")" +
                 private_word + R"("})");
        done(lead, method::post, "/campaigns",
             std::string(R"({"title":")") + private_word + R"(","due":"2099-01-01","members":[")" +
                 member + R"("]})");
        done(
            lead, method::put, "/members/" + std::string(member) + "/set-up",
            R"({"transport":"ldaps","urls":["ldaps://dc9.example"],"bind_dn":"cn=vertraulich-7f3a"})");
    }
}

honest_person& world::honest(const std::string& user) {
    for (auto& one : honest_people) {
        if (one.user == user) return one;
    }
    throw std::invalid_argument("nobody is called " + user);
}

bool world::is_honest_person(const std::string& person) const {
    return std::any_of(honest_people.begin(), honest_people.end(),
                       [&](const honest_person& one) { return one.id == person; });
}

}  // namespace kommpass::tests::attacks
