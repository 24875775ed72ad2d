#include "idp/sessions/retie.hpp"
#include "directory/sign_in.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "idp/audit/events.hpp"
#include "idp/commands/asked_directory.hpp"
#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/keys/key_place.hpp"
#include "idp/registry/directories_of.hpp"
#include "idp/registry/registry_watch.hpp"
#include "idp/sessions/person_ties.hpp"
#include "idp/store/person_tie.hpp"

#include <algorithm>
#include <iostream>

namespace kommpass::idp::commands {
namespace {

using directory::ldap_directories;
using sessions::new_entry;
using sessions::retie_plan;

result<std::vector<new_entry>, directory::look_up_failure> read_entries(
    const policies::member& member, const std::string& attribute, const jose::key_ring& keys,
    directory::permitted_addresses reachable) {
    std::vector<new_entry> entries;
    const auto take = [&](const identity& who) {
        const auto value = who.ties.find(attribute);
        const auto hash = value == who.ties.end()
                              ? std::string()
                              : sessions::tie_hash(keys, member.slug, attribute, value->second);
        entries.push_back({who.id, who.login_name, hash});
    };
    const auto settings = registry::opened_directory(keys, member);
    const auto ask = [&](ldap_directories& directories) {
        return directories.read_persons(member.slug, take);
    };
    const auto read = ask_directory(member.slug, settings, std::move(reachable), ask);
    if (!read) return read.error();
    return entries;
}

void print(const char* title, const std::vector<store::person>& persons, const char* meaning) {
    std::cout << title << ": " << persons.size() << (persons.empty() ? "" : meaning) << '\n';
    for (const auto& one : persons)
        std::cout << "  " << one.id.view() << "  (was " << one.directory.view() << ")\n";
}

void print(const retie_plan& plan) {
    std::cout << "matches: " << plan.matches.size() << '\n';
    for (const auto& one : plan.matches) {
        std::cout << "  " << one.person.id.view() << "  ->  " << one.entry.login_name << "  ("
                  << one.entry.id.view() << ")\n";
    }
    print("doubles", plan.doubles, "; one value, several persons or entries: not touched");
    print("misses", plan.misses, "; no entry has what is remembered of them: not touched");
    print("taken", plan.taken, "; their entry has signed in as a new person: not touched");
    std::cout << "unchanged: " << plan.unchanged.size() << '\n';
}

store::audit_record record_of(const retie_question& question, const retie_plan& plan) {
    store::audit_record record;
    record.at = system_clock().now();
    record.event = audit::name_of(audit::event::persons_retied);
    record.result = "ok";
    record.member = member_slug(question.member);
    record.detail_json = audit::detail({{"by", question.attribute},
                                        {"who", operator_name()},
                                        {"matches", std::to_string(plan.matches.size())},
                                        {"doubles", std::to_string(plan.doubles.size())},
                                        {"misses", std::to_string(plan.misses.size())},
                                        {"taken", std::to_string(plan.taken.size())}});
    return record;
}

// In one step: all matches of this very moment, or none.
result<retie_plan, store::store_error> carry_out(store::store& memory,
                                                 const retie_question& question,
                                                 const std::vector<new_entry>& entries) {
    const member_slug member(question.member);
    retie_plan plan;
    const auto done = memory.write_now([&](store::transaction& t) {
        auto& persons = t.persons();
        plan = sessions::plan_retie(persons.of_member(member),
                                    persons.ties_of_member(member, question.attribute), entries);
        for (const auto& one : plan.matches) persons.retie(one.person.id, one.entry.id);
        t.audit().append(record_of(question, plan));
    });
    if (!done) return done.error();
    return plan;
}

}  // namespace

int directory_retie(const settings_file& file, retie_question question) {
    question.attribute = lower_case(question.attribute);
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    system_randomness random;
    const auto keys = keys::open_keys(*settings, *memory, random, system_clock().now());
    if (!keys) return refuse(keys.error());
    const auto registry = registry::first_snapshot(*memory, {}, system_clock().now());
    const auto* member = registry->find_member(member_slug(question.member));
    if (member == nullptr) return refuse("there is no member \"" + question.member + "\"");
    const auto& kept = member->directory.tie_attributes;
    const bool known = std::any_of(kept.begin(), kept.end(), [&](const std::string& one) {
        return lower_case(one) == question.attribute;
    });
    if (!known)
        return refuse("nothing is remembered of \"" + question.attribute +
                      "\"; name it in the member's tie_attributes before its people sign in");

    const auto entries =
        read_entries(*member, question.attribute, **keys, directory::permitted_by(*settings));
    if (!entries)
        return refuse("the directory of " + question.member +
                      " was not read: " + entries.error().detail);
    if (question.dry_run) {
        retie_plan plan;
        const auto read = memory->read_now([&](store::transaction& t) {
            auto& persons = t.persons();
            plan = sessions::plan_retie(persons.of_member(member->slug),
                                        persons.ties_of_member(member->slug, question.attribute),
                                        *entries);
        });
        if (!read) return refuse("the store does not answer");
        print(plan);
        std::cout << "nothing was changed (--dry-run)\n";
        return 0;
    }
    const auto plan = carry_out(*memory, question, *entries);
    if (!plan) return refuse("the store does not answer; nothing was changed");
    print(*plan);
    return 0;
}

}  // namespace kommpass::idp::commands
