// What the hostile member knows of everything: the worst case.
#include "idp/service/shared_parts.hpp"
#include "tests/idp/attacks/world.hpp"

#include <algorithm>

namespace kommpass::tests::attacks {

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
