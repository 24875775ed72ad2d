#include "tests/contract/directory/layouts.hpp"

namespace kommpass::tests {
namespace {

std::string person(const std::string& dc, const std::string& uid, const std::string& cn,
                   const std::string& password, const std::string& more = {}) {
    return "dn: uid=" + uid + ",ou=people,dc=" + dc +
           ",dc=example\nobjectClass: inetOrgPerson\nobjectClass: posixAccount\nuid: " + uid +
           "\ncn: " + cn + "\nsn: " + cn + "\nmail: " + uid + "@" + dc +
           ".example\nuidNumber: 1000\ngidNumber: 33\nhomeDirectory: /\nuserPassword: " + password +
           "\n" + more + "\n";
}

std::string group(const directory_layout& layout, const std::string& dc, const std::string& name,
                  const std::string& inner) {
    const auto dn = "dn: cn=" + name + ",ou=groups,dc=" + dc + ",dc=example\ncn: " + name + "\n";
    const auto anna = "uid=anna.noack,ou=people,dc=" + dc + ",dc=example";
    const auto child = inner.empty() ? anna : "cn=" + inner + ",ou=groups,dc=" + dc + ",dc=example";
    switch (layout.groups) {
        case group_model::group_of_names:
            return dn + "objectClass: groupOfNames\nmember: " + child + "\n\n";
        case group_model::group_of_unique_names:
            return dn + "objectClass: groupOfUniqueNames\nuniqueMember: " + child + "\n\n";
        case group_model::posix_group:
        case group_model::stepwise:
        case group_model::in_chain:  // Active Directory's: tests/contract/directory/vendors.cpp
            break;
    }
    return inner.empty() ? dn + "objectClass: posixGroup\ngidNumber: 77\nmemberUid: anna.noack\n\n"
                         : std::string();
}

std::string policies_of(const std::string& dc) {
    const auto policy = [&](const std::string& name, const std::string& lines) {
        return "dn: cn=" + name + ",ou=policies,dc=" + dc +
               ",dc=example\nobjectClass: device\nobjectClass: pwdPolicy\ncn: " + name +
               "\npwdAttribute: userPassword\n" + lines + "\n";
    };
    return "dn: ou=policies,dc=" + dc +
           ",dc=example\nobjectClass: organizationalUnit\nou: policies\n\n" +
           policy("standard", "pwdMustChange: TRUE\npwdLockout: TRUE\n") +
           policy("kurz", "pwdMaxAge: 60\n");
}

std::string unit(const std::string& dc, const std::string& name) {
    return "dn: ou=" + name + ",dc=" + dc +
           ",dc=example\nobjectClass: organizationalUnit\nou: " + name + "\n\n";
}

}  // namespace

const std::vector<directory_layout>& every_layout() {
    static const std::vector<directory_layout> all{
        {"groupOfNames with memberOf", group_model::group_of_names, true, true},
        {"groupOfNames", group_model::group_of_names, false, true},
        {"groupOfUniqueNames", group_model::group_of_unique_names, false, true},
        {"posixGroup", group_model::posix_group, false, false}};
    return all;
}

std::unique_ptr<slapd> make_server(const directory_layout& layout, const std::string& dc) {
    const auto base = ",dc=" + dc + ",dc=example";
    std::string ldif = unit(dc, "people") + unit(dc, "groups") + policies_of(dc);
    const std::string direct =
        layout.member_of ? "memberOf: cn=Meldeamt,ou=groups" + base + "\n" : "";
    ldif += person(dc, "anna.noack", "Anna Noack", "Spreewald-7", direct);
    ldif += person(dc, "mueller", "M. Müller " + dc, "gleiches Kennwort");
    ldif += person(dc, "doppelt.eins", "Doppelt Eins", "Kennwort-1",
                   "mail: doppelt@" + dc + ".example\n");
    ldif += person(dc, "doppelt.zwei", "Doppelt Zwei", "Kennwort-1",
                   "mail: doppelt@" + dc + ".example\n");
    ldif += person(
        dc, "abgelaufen", "Ab Gelaufen", "alt",
        "pwdChangedTime: 20200101000000Z\npwdPolicySubentry: cn=kurz,ou=policies" + base + "\n");
    ldif += person(dc, "neu", "Ganz Neu", "neu", "pwdReset: TRUE\n");
    ldif +=
        person(dc, "gesperrt", "Ge Sperrt", "gesperrt", "pwdAccountLockedTime: 000001010000Z\n");
    ldif += person(dc, "umläut(*)", "Žofija Šołćina", "Kennwort-2");
    ldif += group(layout, dc, "Meldeamt", "") + group(layout, dc, "Buergerservice", "Meldeamt") +
            group(layout, dc, "Alle", "Buergerservice");
    const std::string overlays = "overlay ppolicy\nppolicy_default \"cn=standard,ou=policies" +
                                 base + "\"\n" + (layout.member_of ? "overlay memberof\n" : "");
    return std::make_unique<slapd>("dc=" + dc + ",dc=example", ldif, overlays);
}

directory_settings settings_for(const directory_layout& layout, const slapd& server,
                                const std::string& dc) {
    directory_settings settings;
    settings.urls = {server.url()};
    settings.transport = directory_transport::plain;
    settings.person_base = "ou=people,dc=" + dc + ",dc=example";
    settings.group_base = "ou=groups,dc=" + dc + ",dc=example";
    settings.groups = layout.groups;
    settings.member_of = layout.member_of;
    settings.connect_timeout = std::chrono::milliseconds(1000);
    settings.deadline = std::chrono::milliseconds(2000);
    return settings;
}

asked_directories::asked_directories(const std::map<member_slug, directory_settings>& members)
    : asked_directories(members, real_pace_) {}

asked_directories::asked_directories(const std::map<member_slug, directory_settings>& members,
                                     directory::pace& passing)
    : shared_(time_, passing, random_, directory::permitted_addresses::with_loopback()),
      directories_(io_, shared_) {
    directories_.take_members(members);
}

sign_in_answer asked_directories::sign_in(const std::string& member, const std::string& user,
                                          const std::string& password) {
    return sign_in(member, user, password, open_);
}

sign_in_answer asked_directories::sign_in(const std::string& member, const std::string& user,
                                          const std::string& password,
                                          directory::attempt_gate& gate) {
    return wait(directories_.sign_in(member_slug(member), user,
                                     secret_string(std::string_view(password)), gate));
}

result<void, directory::password_change_failure> asked_directories::change_password(
    const std::string& member, const std::string& user, const std::string& old_password,
    const std::string& new_password, const std::string& connection) {
    return wait(directories_.change_password(
        member_slug(member), user, secret_string(std::string_view(old_password)),
        secret_string(std::string_view(new_password)), connection, open_));
}

result<directory::account_standings, directory::look_up_failure> asked_directories::check_accounts(
    const std::string& member, const std::vector<directory_id>& ids) {
    return wait(directories_.check_accounts(member_slug(member), ids));
}

asked_directories::everybody asked_directories::read_persons(const std::string& member) {
    std::vector<identity> came;
    auto end = wait(directories_.read_persons(member_slug(member),
                                              [&](const identity& who) { came.push_back(who); }));
    return {std::move(came), std::move(end)};
}

asked_directories::everybody asked_directories::read_identities(const std::string& member) {
    std::vector<identity> came;
    auto end = wait(
        directories_.read_identities(member_slug(member), [&](const identity& who, std::size_t) {
            came.push_back(who);
            return true;
        }));
    return {std::move(came), std::move(end)};
}

std::vector<std::string> asked_directories::names_read(const std::string& member) {
    std::vector<std::string> names;
    for (const auto& one : read_identities(member).came) names.push_back(one.display_name);
    return names;
}

void asked_directories::sign_in_side_by_side(const std::string& member, const std::string& user,
                                             const std::string& password, int times) {
    int ended = 0;
    int failed = 0;
    for (int i = 0; i < times; ++i) {
        boost::asio::co_spawn(
            io_,
            directories_.sign_in(member_slug(member), user,
                                 secret_string(std::string_view(password)), open_),
            [&](std::exception_ptr, const sign_in_answer& answer) {
                ++ended;
                if (!answer) ++failed;
            });
    }
    run_until([&] { return ended == times; });
    if (failed > 0) throw std::runtime_error(std::to_string(failed) + " sign-ins failed");
}

look_up_answer asked_directories::look_up_by_name(const std::string& member,
                                                  const std::string& user) {
    return wait(directories_.look_up_by_name(member_slug(member), user));
}

look_up_answer asked_directories::look_up(const std::string& member, const directory_id& id) {
    return wait(directories_.look_up(member_slug(member), id,
                                     directory::member_directories::freshness::fresh));
}

}  // namespace kommpass::tests
