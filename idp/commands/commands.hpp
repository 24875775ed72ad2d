#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

// The subcommands of `kommpass`. Each prints for people, and returns the exit code: 0 done, 1
// refused with the reason on stderr, 2 wrong usage (by the command line parser).
namespace kommpass::idp::commands {

using settings_file = std::filesystem::path;

// What is missing is made anew only where that is meant (`service::opening_options`).
struct opening_asked {
    bool new_store = false;
    bool new_keys = false;
};
// Everything that `serve` opens: 0 if nothing is wrong with any of it.
int check(const settings_file&);

int registry_diff(const settings_file&, const std::filesystem::path& folder);
// What goes for good is asked for by name: slugs of members, ids of withdrawals, client ids.
struct asked_losses {
    std::vector<std::string> members;
    std::vector<std::string> withdrawals;
    std::vector<std::string> subjects;
};
int registry_apply(const settings_file&, const std::filesystem::path& folder,
                   const std::string& reason, const asked_losses&);
int registry_export(const settings_file&, const std::filesystem::path& folder,
                    std::optional<long long> revision);
int registry_history(const settings_file&, std::size_t limit);

// Makes the documents of an earlier revision the newest ones.
int registry_rollback(const settings_file&, long long number, const std::string& reason,
                      const asked_losses&);
// Who would gain and lose what if the folder were applied. `member` empty: all.
int simulate(const settings_file&, const std::filesystem::path& folder, const std::string& member);
// `month`: "2026-10". CSV, or JSON.
int report_usage(const settings_file&, const std::string& month, bool as_json);
// Prints a link that opens the console once, without a directory.
int break_glass(const settings_file&);

// An operation of the administration's API, by the operator of this machine.
struct admin_request {
    std::string method;  // "get", "post", ...
    std::string path;    // "/members/lebus", with a query if it has one
    std::string body;    // JSON; empty: none
};
int admin_call(const settings_file&, const admin_request&);

// Moves everything that a store holds from SQLite to PostgreSQL or back: URLs as in [store] url.
// Goes on where an earlier call was cut off.
int store_copy(const std::string& from, const std::string& to);

// Sends a letter to see whether notices would arrive.
int mail_test(const settings_file&, const std::string& address);

struct explain_question {
    std::string member;
    std::string user;
    std::string application;
    bool english = false;
};
int explain(const settings_file&, const explain_question&);

struct directory_question {
    std::string member;
    std::string user;  // empty: nobody in particular
    bool english = false;
    bool as_json = false;
};
// Step by step through a member's directory, with the remedy for what is wrong.
int directory_test(const settings_file&, const directory_question&);

struct retie_question {
    std::string member;
    std::string attribute;  // one of the member's tie_attributes
    bool dry_run = false;
};
int directory_retie(const settings_file&, retie_question);

int keys_list(const settings_file&);
int keys_rotate(const settings_file&, const std::optional<std::string>& algorithm);
int keys_withdraw(const settings_file&, const std::string& kid);
int keys_move_to_store(const settings_file&);
int keys_new_sealing_key(const settings_file&);

// Whether the audit log is as it was written; names the first record that is not.
int audit_verify(const settings_file&);

// Empty fields ask for everything.
struct audit_question {
    std::string from;   // 2026-11-01 or 2026-11-01T07:30:00Z, inclusive
    std::string until;  // exclusive
    std::string member;
    std::string person;  // person id
    std::string application;
    std::string event;  // "sign_in.success", or "sign_in" for all of its kind
};
// JSON Lines on stdout.
int audit_export(const settings_file&, const audit_question&);

// Everything that is held on a person, as one JSON document.
int privacy_export(const settings_file&, const std::string& person);
// Removes the person; the audit log keeps records that nobody can tie to them.
int privacy_erase(const settings_file&, const std::string& person, const std::string& reason);

// Prints a new client secret and the hash that goes into the registry.
int client_secret();
// Whether a client could work with this service: its profile's demands, its keys, its certificate.
int client_test(const settings_file&, const std::string& id);

}  // namespace kommpass::idp::commands
