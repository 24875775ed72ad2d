#include "directory/diagnosis/diagnose.hpp"

#include "directory/diagnosis/tls_probe.hpp"
#include "directory/diagnosis/tree_checks.hpp"
#include "directory/ldap_directories.hpp"
#include "directory/line/address_book.hpp"
#include "directory/vendor_profile.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace kommpass::directory::diagnosis {
namespace {

using boost::asio::awaitable;

std::string words_of(const group_membership& group) {
    std::string text = group.name;
    for (const auto& name : group.other_names) text += " = " + name;
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
                   const std::string& user_name, const address_book& reachable, const clock& time) {
    diagnosed made;
    auto settings = with_vendor_defaults(as_registered);
    std::vector<std::string> working;
    for (const auto& url : settings.urls) {
        if (probe_server_and_account(settings, url, reachable, time, made.said))
            working.push_back(url);
    }
    if (working.empty()) return made;
    settings.urls = std::move(working);

    federation shared(time, reachable);
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
