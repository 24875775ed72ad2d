#include "tests/idp/attacks/world.hpp"

#include "config/vocabulary/distinguished_name.hpp"
#include "idp/jose/hash.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
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
    for (const auto* name : fed_roles) all.mappings.erase(std::string("fed-") + name);
    all.mappings.erase("fed-nutzer");
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
        if (got.status() >= 300) throw std::runtime_error(path + ": " + got.raw.body);
        return got;
    };
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

namespace {

// What an honest person types where a link may have filled in a name.
std::string own_name(const std::string& filled_in, const std::string& user, const std::string& own,
                     const std::string& full) {
    return filled_in == user || filled_in == full || filled_in == own + "\\" + user ? filled_in
                                                                                    : user;
}

}  // namespace

tokens_held world::sign_in(cookie_jar& cookies, const std::string& client, const std::string& user,
                           const std::string& password, const std::string& chosen,
                           const fields& more, bool careful) {
    std::swap(idp.cookies(), cookies);
    auto page = idp.authorize(client, more);
    std::swap(idp.cookies(), cookies);
    std::string full = user;
    for (const auto& one : honest_people) {
        if (one.user == user && one.member == chosen) full = user + "@" + one.domain;
    }
    for (int i = 0; i < 8 && page.redirected("code").empty(); ++i) {
        auto forms = forms_of(page.raw.body);
        const auto at = std::find_if(forms.begin(), forms.end(), [](const page_form& one) {
            return std::any_of(one.inputs.begin(), one.inputs.end(),
                               [](const form_field& f) { return f.name == "transaction"; }) &&
                   one.button("language:") == nullptr;
        });
        if (at == forms.end()) break;
        auto& form = *at;
        for (auto& input : form.inputs) {
            if (input.name == "username")
                input.value = careful ? own_name(input.value, user, chosen, full) : user;
            if (input.name == "member" && (!careful || careless))
                input.value = careless ? hostile_member : chosen;
            if (input.type == "password")
                input.value = input.name == "password" ? password : password + "-neu";
        }
        const form_field* pressed = nullptr;
        for (const auto* start : {"allow", "later", "sign-in", "change-password"}) {
            if (pressed == nullptr) pressed = form.button(start);
        }
        if (pressed == nullptr) pressed = form.button("choose:" + chosen);
        if (pressed == nullptr) pressed = form.button("continue");
        if (pressed == nullptr) break;
        page = browser(cookies).submit(form, form.filled_in(pressed));
    }
    tokens_held got{client, {}, {}, {}};
    if (page.redirected("code").empty()) return got;
    const auto answered = idp.redeem(client, page);
    if (answered.status() != 200) return got;
    got.access = answered.text("access_token");
    got.refresh = answered.text("refresh_token");
    got.subject = test_idp::payload(answered.text("id_token")).at("sub").as_string().c_str();
    return got;
}

std::optional<played> world::play(hostile_person& who, const std::string& client,
                                  const std::string& user, const fields& more) {
    const auto got = sign_in(who.cookies, client, user, "Falsch-1", hostile_member, more, false);
    if (got.access.empty()) return std::nullopt;
    played made;
    made.client = client;
    const auto info = idp.userinfo(got.access);
    if (info.status() == 200) made.userinfo = info.json();
    const auto said = idp.introspect(client, got.access);
    if (said.status() == 200) made.introspected = said.json();
    made.id_token = {{"sub", got.subject}};
    const auto claims = test_idp::payload(got.access);
    const auto* sid = claims.if_contains("sid");
    (void)idp.parts().memory.read_now([&](idp::store::transaction& t) {
        if (sid == nullptr || !sid->is_string()) return;
        if (const auto found = t.sessions().find(std::string(sid->get_string())))
            made.person = found->person.str();
    });
    if (!made.person.empty()) {
        learn("person", made.person);
        learn("own person", made.person);
    }
    learn("token", got.access);
    if (!got.refresh.empty()) learn("token", got.refresh);
    return made;
}

void world::give_api_token(hostile_person& who) {
    cookie_jar new_browser;  // where they play somebody else meanwhile, this stays theirs
    const auto got = sign_in(new_browser, "fed-api", who.user, "Falsch-1", hostile_member,
                             {{"scope", "openid fed:read fed:write"}}, false);
    who.api = got.access;
}

const std::string& world::api_token_of(honest_person& who) {
    const auto alive = api(idp, who.api, method::get, "/me");
    if (alive.status() == 401) {
        const auto got = sign_in(who.cookies, "fed-api", who.user, who.password, who.member,
                                 {{"scope", "openid fed:read fed:write"}}, true);
        who.api = got.access;
    }
    return who.api;
}

void world::learn(const std::string& pool, const std::string& value) {
    auto& known = pools_[pool];
    if (value.size() > 4000 || known.size() > 300) return;
    if (std::find(known.begin(), known.end(), value) == known.end()) known.push_back(value);
}

void world::learn(const boost::json::value& said) {
    if (const auto* list = said.if_array()) {
        for (const auto& one : *list) learn(one);
    } else if (const auto* object = said.if_object()) {
        const auto* member = object->if_contains("member");
        const auto* person = object->if_contains("id");
        if (object->size() == 2 && member && person && member->is_string() && person->is_string()) {
            learn("person", person->as_string().c_str());
            if (member->as_string() == hostile_member)
                learn("own person", person->as_string().c_str());
        }
        for (const auto& [name, value] : *object) {
            const bool names_something = name == "id" || name == "person" || name == "grant" ||
                                         name == "document" || name == "campaign" ||
                                         name == "digest" || name == "link";
            if (names_something && value.is_string())
                learn(name == "id" ? "id" : std::string(name), std::string(value.get_string()));
            learn(value);
        }
    }
}

std::string world::any_known(const std::string& pool, dice& d) {
    const auto& own = pools_["own " + pool];
    if (keeps_to_own && !own.empty()) return d.of(own);
    const auto& all = pools_[pool];
    return all.empty() ? std::string("none") : d.of(all);
}

void world::learn_documents() {
    const auto registry = idp.parts().registry.get();
    if (registry->revision() == learnt_revision_) return;
    learnt_revision_ = registry->revision();
    const auto& all = registry->documents();
    const auto put = [&](const std::string& pool, const std::string& name, bool own) {
        learn(pool, name);
        if (own) learn("own " + pool, name);
    };
    for (const auto& [slug, one] : all.members)
        put("member", slug.str(), slug.view() == hostile_member);
    for (const auto& [key, one] : all.applications) {
        const bool own = one.operated_by.view() == hostile_member;
        put("application", key.str(), own);
        for (const auto& role : one.roles) learn("role", role.name.str());
        for (const auto& client : one.clients) put("client", client.id.str(), own);
    }
    for (const auto& [id, one] : all.mappings) {
        const bool own = one.member == member_slug(hostile_member);
        put("mapping", id, own);
        put("document", "mappings/" + id, own);
        if (!one.group.empty()) put("group", one.group, own);
    }
    for (const auto& [id, one] : all.grants) {
        const bool own = one.member.view() == hostile_member;
        put("grant", id, own);
        put("document", "grants/" + id, own);
    }
    for (const auto& [id, one] : all.withdrawals)
        put("grant", id, one.member.view() == hostile_member);
    for (const auto& [id, one] : all.exceptions)
        put("exception", id, one.member.view() == hostile_member);
    for (const auto& [id, unused] : all.constraints) learn("constraint", id);
}

void world::know_everything() {
    learn_documents();
    auto& lies = directory->lies_at_hand();
    lies.words = {"x", "Meldeamt", "Boese-Hostil", "<script>alert(1)</script>", "fed.zentraladmin"};
    lies.groups = known("group");
    lies.groups.insert(lies.groups.end(), {"GG_zentraladmin", "GG_Registratur", "GG_Groupware"});
    for (const auto& one : honest_people) {
        learn("person", one.id);
        learn("user", one.user);
        learn("user", one.user + "@" + one.domain);
        lies.names.insert(lies.names.end(), {one.user, one.user + "@" + one.domain, one.id});
        lies.mails.push_back(one.user + "@" + one.domain);
        lies.ids.push_back(idp.directories.of(one.member, one.user).who.id.str());
        for (const auto& held : one.tokens) lies.names.push_back(held.subject);
    }
    for (const auto* user : {"chef", "rollen", "betrieb", "alles", "boese", "zweiter"}) {
        learn("user", user);
        lies.names.emplace_back(user);
        lies.mails.push_back(user + std::string("@") + hostile_domain);
        lies.ids.push_back("id-of-" + std::string(user));
    }
    lies.names.insert(lies.names.end(), {"groupware-web", "mailserver", "host:root"});
}

}  // namespace kommpass::tests::attacks
