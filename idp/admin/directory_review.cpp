// The look at every person of every member.
#include "idp/admin/directory_review.hpp"

#include "idp/admin/directory_findings.hpp"
#include "idp/admin/everybody.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/own_mailbox.hpp"
#include "idp/admin/rights.hpp"
#include "idp/audit/events.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

struct findings {
    std::shared_ptr<standing_conflicts> conflicts = std::make_shared<standing_conflicts>();
    std::shared_ptr<role_managers> managers = std::make_shared<role_managers>();
};

void note_manager(const policies::evaluation& roles, const identity& who,
                  const policies::member& of, role_managers& into) {
    const auto& member = of.slug;
    const auto holds = [&](fed_role wanted) {
        return std::any_of(roles.roles.begin(), roles.roles.end(), [&](const auto& role) {
            const auto& for_members = role.for_members;
            return role.name.view() == name_of(wanted) &&
                   std::find(for_members.begin(), for_members.end(), member) != for_members.end();
        });
    };
    const role_manager one{who.display_name, own_mailbox(who, of),
                           holds(fed_role::member_admin) || holds(fed_role::role_manager),
                           holds(fed_role::role_approver), holds(fed_role::central_admin)};
    if (one.gives || one.releases || one.central) into[member].push_back(one);
}

// What the look before found of a member, but for the persons who came now: who did not come has
// not lost anything by that.
void keep_the_unseen(const directory_findings& before, const member_slug& member,
                     const std::set<std::string>& seen, findings& found) {
    const auto conflicts = before.conflicts.get();
    for (const auto& one : conflicts->all) {
        const auto who = one.person.empty() ? one.display_name : one.person.str();
        if (one.member == member && !seen.contains(who)) found.conflicts->all.push_back(one);
    }
    const auto managers = before.managers.get();
    const auto known = managers->find(member);
    if (known == managers->end()) return;
    for (const auto& one : known->second) {
        if (!seen.contains(one.name)) (*found.managers)[member].push_back(one);
    }
}

awaitable<bool> look_at_member(operation_context& at, const policies::snapshot& registry,
                               const policies::member& of, findings& found) {
    const auto& member = of.slug;
    policies::parsed_groups parsed;
    std::set<std::string> seen;  // by id, and by name
    take_person take = [&](const identity& who, const person_id& id, std::size_t) {
        auto roles = registry.evaluate({who, id, at.today()}, &parsed);
        seen.insert(who.display_name);
        if (!id.empty()) seen.insert(id.str());
        note_manager(roles, who, of, *found.managers);
        for (auto& conflict : roles.conflicts) {
            if (conflict.exception.empty())
                found.conflicts->all.push_back({member, id, who.display_name, std::move(conflict)});
        }
        return true;
    };
    const auto came = co_await read_who_comes(at, member, std::move(take));
    if (came && came->everybody()) co_return true;
    if (!came && came.error().code != "directory_unavailable") co_return false;
    if (came)
        found.conflicts->cut_off.push_back(member);
    else {
        // It may have fallen silent after some had come; they are read again next time.
        const auto is_of_member = [&](const auto& one) { return one.member == member; };
        std::erase_if(found.conflicts->all, is_of_member);
        found.managers->erase(member);
        seen.clear();
        found.conflicts->silent.push_back(member);
    }
    keep_the_unseen(at.found, member, seen, found);
    co_return true;
}

std::vector<store::audit_record> records_of_new(const operation_context& at,
                                                const standing_conflicts& before,
                                                const standing_conflicts& now) {
    std::vector<store::audit_record> records;
    for (const auto& one : now.all) {
        if (std::find(before.all.begin(), before.all.end(), one) != before.all.end()) continue;
        auto record = record_of(at, "host:service", audit::event::conflict_found, "found",
                                {{"constraint", one.conflict.constraint},
                                 {"first", one.conflict.first.view()},
                                 {"second", one.conflict.second.view()}});
        record.member = one.member;
        record.person = one.person;
        records.push_back(std::move(record));
    }
    return records;
}

}  // namespace

awaitable<void> review_directories(operation_context& at) {
    const auto registry = at.registry.get();
    findings found;
    for (const auto& [member, document] : registry->documents().members) {
        if (!document.active) continue;
        if (!co_await look_at_member(at, *registry, document, found)) co_return;
    }
    found.conflicts->looked_at = at.time.now();
    const auto records = records_of_new(at, *at.found.conflicts.get(), *found.conflicts);
    at.found.conflicts.replace(found.conflicts);
    at.found.managers.replace(found.managers);
    if (records.empty()) co_return;
    auto write = [&](store::transaction& t) {
        for (const auto& one : records) t.audit().append(one);
    };
    (void)co_await at.memory.write(write);
}

}  // namespace kommpass::idp::admin
