// Who the hostile member's people can be, and where they hold what.
#include "tests/idp/attacks/invariants.hpp"

#include "idp/admin/actor.hpp"
#include "idp/admin/document_json.hpp"
#include "idp/admin/rights.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/idp/attacks/agreements.hpp"

#include <boost/json/serialize.hpp>

namespace kommpass::tests::attacks {
namespace {

// Letters that look alike or cannot be seen count for nothing where people or applications compare.
std::string plain(std::string_view text) {
    std::string made;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= ' ' || byte >= 0x7f) continue;
        made += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return made;
}

std::string text_in(const boost::json::object& of, std::string_view name) {
    const auto* found = of.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string())
                                                  : std::string();
}

bool is_true(const boost::json::object& of, std::string_view name) {
    const auto* found = of.if_contains(name);
    return found != nullptr && found->is_bool() && found->get_bool();
}

// Somebody of the hostile member who has whatever any rule asks for, at one place of the tree.
identity somebody_with_everything(const policies::registry& all, const std::string& within) {
    identity who;
    who.member = member_slug(hostile_member);
    who.id = directory_id("whatever");
    who.dn = "uid=boese" + (within.empty() ? std::string() : "," + within);
    for (const auto& [id, rule] : all.mappings) {
        if (!rule.group.empty()) who.groups.push_back({rule.group, rule.group, {}});
        if (!rule.attribute.empty()) who.attributes[rule.attribute].push_back(rule.attribute_value);
    }
    return who;
}

}  // namespace

// (c) For every person of the hostile member, whatever their directory says of them.
void invariants::rights(std::vector<breach>& found) {
    if (registry_->revision() == judged_rights_of_) return;
    judged_rights_of_ = registry_->revision();
    const auto& all = registry_->documents();
    for (const auto& client : clients_in_force(all)) {
        if (!was_agreed(world_, all, client, "dikom"))
            found.push_back({"client-unseen", client + " is in force as nobody saw it"});
    }
    std::set<std::string> places{""};
    for (const auto& [id, rule] : all.mappings) places.insert(rule.within);
    std::vector<person_id> people{person_id("nobody")};
    (void)world_.idp.parts().memory.read_now([&](idp::store::transaction& t) {
        for (const auto& one : t.persons().of_member(member_slug(hostile_member)))
            people.push_back(one.id);
    });
    const auto today = local_day_of(world_.idp.time.now());
    for (const auto& place : places) {
        const auto who = somebody_with_everything(all, place);
        for (const auto& person : people) {
            const policies::evaluated_person asked{who, person, today};
            for (const auto& role : registry_->evaluate(asked).roles) {
                for (const auto& why : role.because) {
                    for (const auto& member : why.for_members) {
                        if (member.view() == hostile_member ||
                            was_agreed(world_, all, why.document(), member.str()))
                            continue;
                        found.push_back(
                            {"role-elsewhere",
                             role.name.str() + " for " + member.str() + " by " + why.document()});
                    }
                }
            }
            const idp::admin::actor actor(*registry_, asked);
            for (const auto& right : idp::admin::rights()) {
                const auto name = std::string(idp::admin::name_of(right.operation));
                if (actor.may_everywhere(right.operation))
                    found.push_back({"right-elsewhere", name + " everywhere"});
                for (const auto* member : {"lebus", "cottbus", "dikom"}) {
                    if (right.reach != idp::admin::reach::anywhere &&
                        actor.may(right.operation, member_slug(member)))
                        found.push_back({"right-elsewhere", name + " at " + member});
                }
            }
        }
    }
}

// (d) Each of them is one person, of the hostile member, and nobody else to any application.
void invariants::parts_played(std::vector<breach>& found) {
    for (const auto& one : world_.parts_played) {
        const auto subject = text_in(one.id_token, "sub");
        if (world_.is_honest_person(one.person))
            found.push_back({"second-person", "a session of an honest person"});
        const auto [known, is_new] = subjects_.emplace(subject, one.person);
        if (!is_new && known->second != one.person)
            found.push_back({"subject", subject + " is of " + known->second});
        for (const auto* claims : {&one.userinfo, &one.introspected}) {
            const auto told = text_in(*claims, "sub");
            if (!told.empty() && told != subject)
                found.push_back({"subject", told + " in place of " + subject});
            const auto mail = plain(text_in(*claims, "email"));
            const bool own = mail.ends_with(std::string("@") + hostile_domain) &&
                             mail.find('@') == mail.rfind('@') && mail.find(',') == mail.npos;
            if (!mail.empty() && !own) {
                const bool verified = is_true(*claims, "email_verified");
                found.push_back({verified ? "mail-verified" : "mail", mail});
            }
            const auto member = text_in(*claims, "member");
            if (!member.empty() && member != hostile_member)
                found.push_back({"second-person", "of " + member});
            for (const auto* name : {"username", "preferred_username"}) {
                const auto value = text_in(*claims, name);
                if (names_.contains(plain(value)))
                    found.push_back({name, value + " is " + names_.at(plain(value))});
            }
        }
        for (const auto& [role, members] : [&] {
                 const auto* elsewhere = one.userinfo.if_contains("role_members");
                 return elsewhere ? elsewhere->as_object() : boost::json::object();
             }()) {
            for (const auto& member : members.as_array()) {
                const auto where = std::string(member.as_string());
                bool agreed = where == hostile_member;
                for (const auto& [document, unused] : world_.agreed_to)
                    agreed = agreed || was_agreed(world_, registry_->documents(), document, where);
                if (!agreed) found.push_back({"role-elsewhere", "told of " + where});
            }
        }
    }
    world_.parts_played.clear();
}

}  // namespace kommpass::tests::attacks
