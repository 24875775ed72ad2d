#include "directory/diagnosis/diagnose.hpp"

#include "directory/diagnosis/tls_probe.hpp"
#include "directory/diagnosis/tree_checks.hpp"
#include "directory/ldap_directories.hpp"
#include "directory/ldap_handle.hpp"
#include "directory/vendor_profile.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>

namespace kommpass::directory::diagnosis {
namespace {

using boost::asio::awaitable;
using std::chrono::microseconds;
using steady = std::chrono::steady_clock;

// As the service would: with libldap, the service account included. True if it is accepted.
bool try_service_account(const directory_settings& settings, const std::string& url,
                         const permitted_addresses& permitted, report& said) {
    const auto began = steady::now();
    connect_watch nobody_cuts;
    const auto opened = open_handle(settings, url, purpose::search, permitted, nobody_cuts);
    const auto took = std::chrono::duration_cast<microseconds>(steady::now() - began);
    if (opened) {
        const auto& account = settings.client_certificate_file.empty()
                                  ? settings.bind_dn
                                  : settings.client_certificate_file;
        said.add("bind.accepted", url, account.empty() ? "anonymous" : account, took);
        return true;
    }
    const bool refused = opened.error().kind == failure_kind::refused;
    said.add(refused ? "bind.refused" : "bind.failed", url, opened.error().detail, took);
    return false;
}

std::string words_of(const group_membership& group) {
    std::string text = group.name;
    for (const auto& one : group.path) text += " < " + one;
    return text;
}

void describe(const identity& who, report& said) {
    said.add("user.found", who.dn, who.display_name + " (" + who.login_name + ")");
    const auto tell = [&](const std::string& name, const std::string& value) {
        if (!value.empty()) said.add("user.attribute", who.dn, name + ": " + value);
    };
    tell("id", who.id.str());
    tell("mail", who.mail);
    tell("givenName", who.given_name);
    tell("sn", who.family_name);
    tell("telephoneNumber", who.phone);
    for (const auto& [name, values] : who.attributes) {
        for (const auto& value : values) tell(name, value);
    }
    for (const auto& group : who.groups) said.add("user.group", group.dn, words_of(group));
    if (who.groups_cut_off) said.add("user.groups_cut_off", who.dn);
}

awaitable<void> look_at_user(ldap_directories& directories, const member_slug& member,
                             std::string user_name, diagnosed& into) {
    const auto subject = user_name;
    auto found = co_await directories.look_up_by_name(member, std::move(user_name));
    if (found) {
        describe(*found, into.said);
        into.who = std::move(*found);
    } else if (found.error().error == look_up_error::no_such_person) {
        into.said.add("user.none", subject);
    } else {
        into.said.add("user.failed", subject, found.error().detail);
    }
}

}  // namespace

diagnosed diagnose(const member_slug& member, const directory_settings& as_registered,
                   const std::string& user_name, const permitted_addresses& permitted,
                   const clock& time) {
    diagnosed made;
    auto settings = with_vendor_defaults(as_registered);
    std::vector<std::string> working;
    for (const auto& url : settings.urls) {
        if (probe_server(settings, url, permitted, time, made.said) &&
            try_service_account(settings, url, permitted, made.said))
            working.push_back(url);
    }
    if (working.empty()) return made;
    settings.urls = std::move(working);

    federation shared(time, permitted);
    boost::asio::io_context io(1);
    ldap_directories directories(io, shared);
    directories.take_members({{member, settings}});
    const auto everything = [&]() -> awaitable<void> {
        made.lockout = co_await check_tree(io, shared, member, settings, made.said);
        if (!user_name.empty()) co_await look_at_user(directories, member, user_name, made);
    };
    boost::asio::co_spawn(io, everything(), [&](std::exception_ptr failure) {
        directories.stop();
        if (failure) std::rethrow_exception(failure);
    });
    io.run();
    return made;
}

}  // namespace kommpass::directory::diagnosis
