// The look at every person of every member.
#include "idp/admin/directory_review.hpp"

#include "directory/sign_in.hpp"
#include "idp/admin/directory_findings.hpp"
#include "idp/admin/own_mailbox.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <algorithm>
#include <unordered_map>

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

awaitable<bool> look_at_member(operation_context& at, const policies::snapshot& registry,
                               const policies::member& of, findings& found) {
    const auto& member = of.slug;
    auto read = [member](store::transaction& t) { return t.persons().of_member(member); };
    const auto persons = co_await at.memory.read(read);
    if (!persons) co_return false;
    std::unordered_map<std::string, person_id> known;
    for (const auto& one : *persons) known.emplace(one.directory.str(), one.id);
    policies::parsed_groups parsed;
    std::function<bool(const identity&, std::size_t)> take = [&](const identity& who, std::size_t) {
        const auto one = known.find(who.id.str());
        const auto id = one == known.end() ? person_id() : one->second;
        auto roles = registry.evaluate({who, id, at.today()}, &parsed);
        note_manager(roles, who, of, *found.managers);
        for (auto& conflict : roles.conflicts) {
            if (conflict.exception.empty())
                found.conflicts->all.push_back({member, id, who.display_name, std::move(conflict)});
        }
        return true;
    };
    const auto done = co_await at.directories.read_identities(member, std::move(take));
    if (!done) found.conflicts->silent.push_back(member);
    co_return true;
}

std::vector<store::audit_record> records_of_new(const operation_context& at,
                                                const standing_conflicts& before,
                                                const standing_conflicts& now) {
    std::vector<store::audit_record> records;
    for (const auto& one : now.all) {
        const auto same = [&](const standing_conflict& old) {
            return old.member == one.member && old.person == one.person &&
                   old.display_name == one.display_name && old.conflict == one.conflict;
        };
        if (std::any_of(before.all.begin(), before.all.end(), same)) continue;
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
