// The command line: finds the subcommand and hands over.
#include "idp/commands/commands.hpp"
#include "idp/commands/serve.hpp"
#include "idp/jose/key_ring.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <functional>
#include <iostream>

namespace {

using namespace kommpass::idp::commands;

struct arguments {
    std::string settings = "/etc/kommpass/kommpass.toml";
    std::string folder;
    std::string reason;
    std::optional<long long> revision;
    std::size_t limit = 20;
    std::optional<std::string> algorithm;
    std::string kid;
    explain_question question;
    directory_question tested;
    retie_question retie;
    audit_question audit;
    std::string person;
    std::string client;
    std::string address;
    std::string member;
    std::string month;
    std::string from_store;
    std::string to_store;
    asked_losses losses;
    opening_asked opening;
    unsigned leave_grace_seconds = 0;
    bool as_json = false;
    admin_request request;
};

void add_losses(CLI::App& app, arguments& given) {
    app.add_option("--remove-member", given.losses.members,
                   "slug of a member that is to go, with its people");
    app.add_option("--end-withdrawal", given.losses.withdrawals,
                   "id of a withdrawal that is to end: the role comes back");
    app.add_option("--new-subjects", given.losses.subjects,
                   "id of a client whose persons may all get another subject");
}

void add_registry(CLI::App& app, arguments& given, std::function<int()>& run) {
    auto* registry =
        app.add_subcommand("registry", "the managed state: members, applications, mappings");
    registry->require_subcommand(1);

    auto* diff = registry->add_subcommand("diff", "what a folder of TOML files would change");
    diff->add_option("folder", given.folder, "folder with members/, applications/, mappings/")
        ->required();
    diff->callback([&] { run = [&] { return registry_diff(given.settings, given.folder); }; });

    auto* apply =
        registry->add_subcommand("apply", "make a folder the next revision, whole or not at all");
    apply->add_option("folder", given.folder, "folder with members/, applications/, mappings/")
        ->required();
    apply->add_option("--reason,-m", given.reason, "why, for the history and the audit log")
        ->required();
    add_losses(*apply, given);
    apply->callback([&] {
        run = [&] {
            return registry_apply(given.settings, given.folder, given.reason, given.losses);
        };
    });

    auto* save = registry->add_subcommand(
        "export", "write a revision as TOML files, byte for byte the same each time");
    save->add_option("folder", given.folder, "where to write")->required();
    save->add_option("--revision", given.revision, "number; the newest if left out");
    save->callback([&] {
        run = [&] { return registry_export(given.settings, given.folder, given.revision); };
    });

    auto* history = registry->add_subcommand("history", "the revisions, newest first");
    history->add_option("--limit", given.limit, "how many")->check(CLI::Range(1, 10000));
    history->callback([&] { run = [&] { return registry_history(given.settings, given.limit); }; });

    auto* rollback = registry->add_subcommand(
        "rollback", "make the documents of an earlier revision the newest ones");
    rollback->add_option("revision", given.revision, "number")->required();
    rollback->add_option("--reason,-m", given.reason, "why, for the history and the audit log")
        ->required();
    add_losses(*rollback, given);
    rollback->callback([&] {
        run = [&] {
            return registry_rollback(given.settings, *given.revision, given.reason, given.losses);
        };
    });
}

void add_administration(CLI::App& app, arguments& given, std::function<int()>& run) {
    auto* simulation = app.add_subcommand(
        "simulate", "who would gain and lose which role if a folder were applied");
    simulation->add_option("folder", given.folder, "folder of TOML files")->required();
    simulation->add_option("--member", given.member, "slug of one member; all if left out");
    simulation->callback(
        [&] { run = [&] { return simulate(given.settings, given.folder, given.member); }; });

    auto* report = app.add_subcommand("report", "figures for the association");
    report->require_subcommand(1);
    auto* usage = report->add_subcommand(
        "usage", "active persons of a month for each member and application, without names");
    usage->add_option("--month", given.month, "2026-10")->required();
    usage->add_flag("--json", given.as_json, "JSON in place of CSV");
    usage->callback(
        [&] { run = [&] { return report_usage(given.settings, given.month, given.as_json); }; });

    auto* admin = app.add_subcommand("admin", "administration from this machine");
    admin->require_subcommand(1);
    admin
        ->add_subcommand("break-glass",
                         "print a link that opens the console once, without a directory")
        ->callback([&] { run = [&] { return break_glass(given.settings); }; });
    auto* call = admin->add_subcommand(
        "call", "any operation of the API: kommpass admin call get /members/lebus");
    call->add_option("method", given.request.method, "get, put, post or delete")->required();
    call->add_option("path", given.request.path, "as in the API reference, below /api/v1")
        ->required();
    call->add_option("body", given.request.body, "JSON");
    call->callback([&] { run = [&] { return admin_call(given.settings, given.request); }; });
}

void add_mail(CLI::App& app, arguments& given, std::function<int()>& run) {
    auto* mail = app.add_subcommand("mail", "notices by mail");
    mail->require_subcommand(1);
    auto* test = mail->add_subcommand("test", "send a letter by the server of [mail]");
    test->add_option("address", given.address, "to whom")->required();
    test->callback([&] { run = [&] { return mail_test(given.settings, given.address); }; });
}

void add_keys(CLI::App& app, arguments& given, std::function<int()>& run) {
    auto* keys = app.add_subcommand("keys", "the signing keys");
    keys->require_subcommand(1);
    keys->add_subcommand("list", "kid, algorithm, state and times of each key")->callback([&] {
        run = [&] { return keys_list(given.settings); };
    });
    auto* rotate =
        keys->add_subcommand("rotate", "let the next key sign, and publish a new next one");
    rotate->add_option("--algorithm", given.algorithm,
                       "ES256, RS256, PS256 or EdDSA; all if left out");
    rotate->callback([&] { run = [&] { return keys_rotate(given.settings, given.algorithm); }; });
    auto* withdraw = keys->add_subcommand(
        "withdraw", "a key that somebody else may have goes at once, with all that it signed");
    withdraw->add_option("kid", given.kid, "as `keys list` shows it")->required();
    withdraw->callback([&] { run = [&] { return keys_withdraw(given.settings, given.kid); }; });
    keys->add_subcommand("move-to-store",
                         "keep the keys in the store, sealed, for several nodes; the key file "
                         "becomes the sealing key")
        ->callback([&] { run = [&] { return keys_move_to_store(given.settings); }; });
    keys->add_subcommand("new-sealing-key",
                         "for a new installation of several nodes: a sealing key in the key file's "
                         "place")
        ->callback([&] { run = [&] { return keys_new_sealing_key(given.settings); }; });
}

void add_explain(CLI::App& app, arguments& given, std::function<int()>& run) {
    auto* explanation = app.add_subcommand(
        "explain", "why a person does, or does not, hold an application's roles");
    explanation->add_option("--member", given.question.member, "slug of the member")->required();
    explanation->add_option("--user", given.question.user, "login name in the member's directory")
        ->required();
    explanation->add_option("--app", given.question.application, "key of the application")
        ->required();
    explanation->add_flag("--english", given.question.english, "answer in English");
    explanation->callback([&] { run = [&] { return explain(given.settings, given.question); }; });
}

void add_audit(CLI::App& app, arguments& given, std::function<int()>& run) {
    auto* audit = app.add_subcommand("audit", "the record of every sign-in, token and change");
    audit->require_subcommand(1);
    audit->add_subcommand("verify", "find what was changed, removed or put elsewhere")
        ->callback([&] { run = [&] { return audit_verify(given.settings); }; });
    auto* save = audit->add_subcommand("export", "the records as JSON Lines");
    save->add_option("--from", given.audit.from, "from this time on (2026-11-01)");
    save->add_option("--until", given.audit.until, "before this time");
    save->add_option("--member", given.audit.member, "slug of a member");
    save->add_option("--person", given.audit.person, "person id");
    save->add_option("--app", given.audit.application, "key of an application");
    save->add_option("--event", given.audit.event, "an event, or the first word of several");
    save->callback([&] { run = [&] { return audit_export(given.settings, given.audit); }; });
}

void add_store(CLI::App& app, arguments& given, std::function<int()>& run) {
    auto* store = app.add_subcommand("store", "where the service keeps its state");
    store->require_subcommand(1);
    auto* copy = store->add_subcommand(
        "copy", "move everything from SQLite to PostgreSQL or back; goes on where it was cut off");
    copy->add_option("from", given.from_store, "URL as in [store] url")->required();
    copy->add_option("to", given.to_store, "URL of a new file or an empty database")->required();
    copy->callback([&] { run = [&] { return store_copy(given.from_store, given.to_store); }; });
}

void add_privacy(CLI::App& app, arguments& given, std::function<int()>& run) {
    auto* privacy = app.add_subcommand("privacy", "what is held on a person, and its end");
    privacy->require_subcommand(1);
    auto* save = privacy->add_subcommand("export", "everything on a person, as JSON");
    save->add_option("person", given.person, "person id")->required();
    save->callback([&] { run = [&] { return privacy_export(given.settings, given.person); }; });
    auto* erase = privacy->add_subcommand(
        "erase", "remove a person; the audit log keeps pseudonymous records");
    erase->add_option("person", given.person, "person id")->required();
    erase->add_option("--reason,-m", given.reason, "why, for the audit log")->required();
    erase->callback(
        [&] { run = [&] { return privacy_erase(given.settings, given.person, given.reason); }; });
}

void add_directory(CLI::App& app, arguments& given, std::function<int()>& run) {
    auto* directory = app.add_subcommand("directory", "the members' directories");
    directory->require_subcommand(1);
    auto* test = directory->add_subcommand(
        "test", "go through a member's directory step by step, with the remedy for what is wrong");
    test->add_option("member", given.tested.member, "slug of the member")->required();
    test->add_option("--user", given.tested.user, "login name of a person to look at");
    test->add_flag("--english", given.tested.english, "answer in English");
    test->add_flag("--json", given.tested.as_json, "answer as JSON");
    test->callback([&] { run = [&] { return directory_test(given.settings, given.tested); }; });
    auto* retie = directory->add_subcommand(
        "retie", "find the persons of a member again after it has replaced its directory");
    retie->add_option("--member", given.retie.member, "slug of the member")->required();
    retie->add_option("--by", given.retie.attribute, "attribute, such as employeeNumber or mail")
        ->required();
    retie->add_flag("--dry-run", given.retie.dry_run, "list matches, doubles and misses only");
    retie->callback([&] { run = [&] { return directory_retie(given.settings, given.retie); }; });
}

}  // namespace

int main(int count, char** values) {
    CLI::App app{"Kommpass: sign-in and roles for municipalities", "kommpass"};
    arguments given;
    std::function<int()> run;
    app.add_option("--config,-c", given.settings, "settings file")->envname("KOMMPASS_CONFIG");
    app.require_subcommand(1);
    app.fallthrough();
    app.set_version_flag("--version", KOMMPASS_VERSION);

    auto* serving = app.add_subcommand("serve", "run the service");
    serving->add_flag("--new-store", given.opening.new_store,
                      "begin a new store although there are keys of an earlier one");
    serving->add_flag("--new-keys", given.opening.new_keys,
                      "make new keys although the store has been used with others");
    serving
        ->add_option("--leave-grace", given.leave_grace_seconds,
                     "seconds to serve on, no longer ready, after SIGTERM: a little more than the "
                     "load balancer takes to notice")
        ->check(CLI::Range(0, 600));
    serving->callback([&] {
        run = [&] {
            return serve(given.settings, given.opening,
                         std::chrono::seconds(given.leave_grace_seconds));
        };
    });
    app.add_subcommand("check", "look at everything that serve opens, without starting")
        ->callback([&] { run = [&] { return check(given.settings); }; });
    add_registry(app, given, run);
    add_keys(app, given, run);
    add_mail(app, given, run);
    add_explain(app, given, run);
    add_directory(app, given, run);
    add_audit(app, given, run);
    add_privacy(app, given, run);
    add_store(app, given, run);
    add_administration(app, given, run);
    auto* client = app.add_subcommand("client", "help with registering clients");
    client->require_subcommand(1);
    client->add_subcommand("secret", "make a client secret and its hash")->callback([&] {
        run = client_secret;
    });
    auto* client_tested = client->add_subcommand(
        "test", "what a client breaks of its profile, and whether its keys can be had");
    client_tested->add_option("id", given.client, "id of the client")->required();
    client_tested->callback(
        [&] { run = [&] { return client_test(given.settings, given.client); }; });

    CLI11_PARSE(app, count, values);
    try {
        return run();
    } catch (const std::exception& error) {
        std::cerr << "kommpass: " << error.what() << '\n';
        return 1;
    }
}
