#pragma once

#include "config/vocabulary/secret_string.hpp"
#include "idp/admin/grants.hpp"
#include "idp/admin/refusal.hpp"
#include "idp/admin/shown_document.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::directory::diagnosis {
struct server_lockout;
}

// A member's directory, set up step by step by whoever knows it: what is entered is kept, tested,
// and then takes the place of what is in force. Nobody's sign-in changes before that.
namespace kommpass::idp::admin {

struct registry_change;
struct operation_context;
class actor;

// What has been entered so far. A member that has a directory already begins with it.
struct set_up_view {
    policies::member draft;
    bool has_password = false;
    instant tested_at{};  // 1970: not tested since the last change
    instant changed_at{};
    // Whoever asked that it take the place of what is in force; empty: nobody (yet).
    std::string asked_by;
    instant asked_at{};
    std::string asked_why;
    bool asked_centrally = false;
    // What it would take the place of, what would be otherwise line by line, and the digest of this
    // version of it.
    policies::member in_force;
    std::vector<std::string> changes;
    document_version version;
};
[[nodiscard]] boost::asio::awaitable<answer<set_up_view>> look_at_set_up(operation_context&,
                                                                         const actor&, member_slug);

// One step's entries; what is not given stays. Whoever changes where the password would go
// (address, transport, certificate) gives the password again: it was entrusted to the server
// before.
struct set_up_entries {
    std::optional<directory_vendor> vendor;
    std::optional<std::vector<std::string>> urls;  // "dc1.lebus.example" stands for its URL
    std::optional<directory_transport> transport;
    std::optional<std::string> ca_certificate;
    std::optional<std::string> bind_dn;
    std::optional<secret_string> bind_password;
    std::optional<std::string> person_base;
    std::optional<std::string> person_filter;
    std::optional<std::vector<std::string>> login_attributes;
    std::optional<std::string> group_base;
    std::optional<group_model> groups;
    std::optional<bool> member_of;
    // After how many wrong passwords the directory locks an account, 0 if it does not; and for how
    // long it counts them. A test that finds it out takes it over, where ours would not keep below.
    std::optional<std::size_t> lockout_threshold;
    std::optional<std::chrono::minutes> lockout_window;
    std::optional<std::string> help_contact;
};
[[nodiscard]] boost::asio::awaitable<answer<set_up_view>> continue_set_up(
    operation_context&, const actor&, const jose::key_ring&, member_slug, set_up_entries);
// What was entered is forgotten; what is in force stays.
[[nodiscard]] boost::asio::awaitable<answer<bool>> give_up_set_up(operation_context&, const actor&,
                                                                  member_slug);

// Puts what was entered in force, once a test has found nothing wrong with it; or asks a second
// person to, where it would lead a directory in force elsewhere (`directory_approval`).
// `administrator`: the login name of a person of the new directory, for whom the role
// fed.mandantenadmin is asked for; empty: nobody. All of it is done or nothing: a name that the
// directory does not know leaves everything as it was.
struct activated_set_up {
    long long revision = 0;
    std::optional<made_grant> administrator;
    bool waits = false;  // for a second person; nothing has changed
};
[[nodiscard]] boost::asio::awaitable<answer<activated_set_up>> activate_set_up(
    operation_context&, const actor&, member_slug, std::string administrator, std::string why);

// Takes over when the server locks accounts, as far as it is stricter than what was entered: nobody
// shall lock a town hall's accounts here because a field was left as it was. True: something
// changed.
bool adopt_lockout(const directory::diagnosis::server_lockout&, directory_settings&);

// The draft becomes the member's document, and nothing is being set up any more, as one change with
// `beside`: its `edit`, if there is one, comes after, and `repointed` is the member where two
// people agreed that its directory is led elsewhere.
[[nodiscard]] boost::asio::awaitable<answer<long long>> put_in_force(operation_context&,
                                                                     const actor&,
                                                                     const set_up_view&,
                                                                     registry_change beside);

// The draft as the store keeps it.
[[nodiscard]] std::string draft_text(const policies::member&);
[[nodiscard]] std::optional<policies::member> draft_from(const std::string& text);

}  // namespace kommpass::idp::admin
