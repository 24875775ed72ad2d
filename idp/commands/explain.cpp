#include "policies/explain.hpp"
#include "directory/sign_in.hpp"
#include "idp/commands/asked_directory.hpp"
#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/registry/registry_watch.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <iostream>

namespace kommpass::idp::commands {
namespace {

using looked_up = result<identity, directory::look_up_failure>;

looked_up look_up(const member_slug& member, const directory_settings& settings,
                  directory::permitted_addresses reachable, const std::string& user) {
    return ask_directory(member, settings, std::move(reachable),
                         [&](directory::ldap_directories& directories) {
                             return directories.look_up_by_name(member, user);
                         });
}

std::string sentence(const directory::look_up_failure& failure, const explain_question& question) {
    if (failure.error == directory::look_up_error::no_such_person) {
        return "nobody in the directory of " + question.member + " has the name \"" +
               question.user + "\" (" + failure.detail + ")";
    }
    return "the directory of " + question.member + " did not answer: " + failure.detail;
}

}  // namespace

int explain(const settings_file& file, const explain_question& question) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    const auto registry = registry::first_snapshot(*memory, {}, system_clock().now());
    const auto* member = registry->find_member(member_slug(question.member));
    if (member == nullptr) return refuse("there is no member \"" + question.member + "\"");
    const auto* application = registry->find_application(application_key(question.application));
    if (application == nullptr)
        return refuse("there is no application \"" + question.application + "\"");

    const auto directory = open_directory(*settings, *member);
    if (!directory) return 1;
    const auto found =
        look_up(member->slug, *directory, directory::permitted_by(*settings), question.user);
    if (!found) return refuse(sentence(found.error(), question));
    const auto language = question.english ? policies::language::en : policies::language::de;
    const auto now = system_clock().now();
    std::optional<store::person> known;
    if (!memory->read_now(
            [&](store::transaction& t) { known = t.persons().find(member->slug, found->id); }))
        return refuse("the store does not answer");
    const policies::evaluated_person person{*found, known ? known->id : person_id(),
                                            local_day_of(now)};
    for (const auto& line : policies::explain(*registry, person, *application, language))
        std::cout << line << '\n';
    return 0;
}

}  // namespace kommpass::idp::commands
