#include "directory/diagnosis/diagnose.hpp"
#include "directory/line/address_book.hpp"
#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/registry/registry_watch.hpp"
#include "policies/explain.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <iomanip>
#include <iostream>

namespace kommpass::idp::commands {
namespace {

using directory::diagnosis::diagnose;
using directory::diagnosis::diagnosed;
using directory::diagnosis::finding;
using directory::diagnosis::language;
using directory::diagnosis::level;

std::string_view word_for(level how, language lang) {
    const bool german = lang == language::de;
    switch (how) {
        case level::ok:
            return "OK";
        case level::note:
            return german ? "Hinweis" : "note";
        case level::warning:
            return german ? "WARNUNG" : "WARNING";
        case level::failure:
            break;
    }
    return german ? "FEHLER" : "FAILURE";
}

std::string milliseconds_of(const finding& one) {
    if (one.took.count() == 0) return {};
    return std::to_string(one.took.count() / 1000) + "." +
           std::to_string(one.took.count() % 1000 / 100) + " ms";
}

void print(const diagnosed& made, language lang) {
    for (const auto& one : made.said.findings()) {
        std::cout << std::left << std::setw(9) << word_for(one.what->level, lang) << std::right
                  << std::setw(11) << milliseconds_of(one) << "  "
                  << (one.subject.empty() ? "" : one.subject + ": ") << text_of(one, lang) << '\n';
        const auto remedy = remedy_of(one, lang);
        if (!remedy.empty() && one.what->level != level::note)
            std::cout << std::string(22, ' ') << "-> " << remedy << "  [" << one.what->id << "]\n";
    }
}

boost::json::object to_json(const finding& one, language lang) {
    boost::json::object object;
    object["id"] = one.what->id;
    object["level"] = word_for(one.what->level, language::en);
    object["subject"] = one.subject;
    object["text"] = text_of(one, lang);
    object["remedy"] = remedy_of(one, lang);
    object["took_us"] = one.took.count();
    return object;
}

void print_roles(const policies::snapshot& registry, const identity& who, day today,
                 language lang) {
    const auto words = lang == language::de ? policies::language::de : policies::language::en;
    for (const auto& [key, application] : registry.documents().applications) {
        std::cout << '\n';
        for (const auto& line : policies::explain(registry, {who, {}, today}, application, words))
            std::cout << line << '\n';
    }
}

boost::json::array roles_as_json(const policies::snapshot& registry, const identity& who,
                                 day today) {
    boost::json::array roles;
    for (const auto& [key, application] : registry.documents().applications) {
        for (const auto& role : registry.decide({who, {}, today}, application).roles)
            roles.emplace_back(role.name.view());
    }
    return roles;
}

}  // namespace

int directory_test(const settings_file& file, const directory_question& question) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    const auto registry =
        registry::first_snapshot(*memory, settings->registry_folder.string(), system_clock().now());
    const auto* member = registry->find_member(member_slug(question.member));
    if (member == nullptr) return refuse("there is no member \"" + question.member + "\"");
    const system_clock time;
    const auto directory = open_directory(*settings, *member);
    if (!directory) return 1;
    const auto made =
        diagnose(member->slug, *directory, question.user, directory::permitted_by(*settings), time);
    const auto lang = question.english ? language::en : language::de;
    if (question.as_json) {
        boost::json::array findings;
        for (const auto& one : made.said.findings()) findings.push_back(to_json(one, lang));
        boost::json::object all;
        all["member"] = question.member;
        all["failed"] = made.said.failed();
        all["findings"] = std::move(findings);
        if (made.who) all["roles"] = roles_as_json(*registry, *made.who, local_day_of(time.now()));
        std::cout << boost::json::serialize(all) << '\n';
    } else {
        print(made, lang);
        if (made.who) print_roles(*registry, *made.who, local_day_of(time.now()), lang);
    }
    return made.said.failed() ? 1 : 0;
}

}  // namespace kommpass::idp::commands
