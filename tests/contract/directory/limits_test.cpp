// Half an answer is no answer: servers that stop early, that know no pages, that refer elsewhere.
#include "directory/diagnosis/diagnose.hpp"
#include "tests/contract/directory/layouts.hpp"
#include "tests/support/ldap_admin.hpp"
#include "tests/support/scripted_directory.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using directory::look_up_error;

namespace {

constexpr int persons = 40;
constexpr auto service = "cn=dienst,dc=lebus,dc=example";

std::string entry(const std::string& uid) {
    return "dn: uid=" + uid + ",dc=lebus,dc=example\nobjectClass: inetOrgPerson\nuid: " + uid +
           "\ncn: " + uid + "\nsn: x\nuserPassword: Kennwort-1\n\n";
}

std::string entries() {
    std::string all = std::string("dn: ") + service +
                      "\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\n"
                      "cn: dienst\nuserPassword: Dienst-2026-x\n\n";
    for (int i = 0; i < persons; ++i) all += entry("p" + std::to_string(i));
    return all;
}

// A slapd whose limits for the service account are these.
class limited_slapd {
public:
    explicit limited_slapd(const std::string& limits)
        : server_("dc=lebus,dc=example", entries(),
                  std::string("limits dn.exact=\"") + service + "\" " + limits + "\n") {}

    directory_settings settings() const {
        directory_settings s;
        s.urls = {server_.url()};
        s.transport = directory_transport::plain;
        s.bind_dn = service;
        s.bind_password_env = "KOMMPASS_TEST_LIMITED_PASSWORD";
        ::setenv("KOMMPASS_TEST_LIMITED_PASSWORD", "Dienst-2026-x", 1);
        s.person_base = s.group_base = "dc=lebus,dc=example";
        s.page_size = 7;
        return s;
    }

private:
    slapd server_;
};

asked_directories ask(const directory_settings& settings) {
    return asked_directories({{member_slug("lebus"), settings}});
}

// Also says what came instead, if it did not.
bool finds(const directory_settings& settings, const char* id, const std::string& words) {
    const system_clock time;
    const auto made = directory::diagnosis::diagnose(
        member_slug("lebus"), settings, {}, directory::permitted_addresses::with_loopback(), time);
    std::string all;
    bool found = false;
    for (const auto& one : made.said.findings()) {
        all += std::string(one.what->id) + " " + one.detail + "\n";
        found = found || (one.what->id == id && one.detail.find(words) != std::string::npos);
    }
    CAPTURE(all);
    CHECK(found);
    return found;
}

bool says(const result<void, directory::look_up_failure>& end, const std::string& words) {
    REQUIRE_FALSE(end.has_value());
    CAPTURE(end.error().detail);
    CHECK(end.error().error == look_up_error::cut_off);
    CHECK(end.error().detail.find(words) != std::string::npos);
    return end.error().error == look_up_error::cut_off;
}

}  // namespace

TEST_CASE("a directory that tells of everybody is read to its end, in pages") {
    const limited_slapd server("size=5 size.pr=unlimited size.prtotal=unlimited");
    auto asked = ask(server.settings());
    const auto all = asked.read_identities("lebus");
    CHECK(all.end.has_value());
    CHECK(all.came.size() == persons);
    CHECK(asked.read_persons("lebus").end.has_value());
}

TEST_CASE("a directory that stops at a number of entries is cut off, with its words") {
    for (const auto* limits : {"size.soft=5 size.hard=5 size.prtotal=15", "size=15"}) {
        CAPTURE(limits);
        const limited_slapd server(limits);
        auto asked = ask(server.settings());
        const auto some = asked.read_identities("lebus");
        CHECK(some.came.size() < persons);
        says(some.end, "Size limit exceeded");
        says(some.end, std::to_string(some.came.size()) + ", Size");
        says(asked.read_persons("lebus").end, "Size limit exceeded");
        finds(server.settings(), "persons.cut_off", "Size limit exceeded");
    }
}

TEST_CASE("a server without paged results is read without, and its words are named") {
    const limited_slapd server("size=unlimited size.prtotal=disabled");
    auto asked = ask(server.settings());
    const auto all = asked.read_identities("lebus");
    if (!all.end) FAIL(all.end.error().detail);
    CHECK(all.came.size() == persons);
    finds(server.settings(), "persons.unpaged", "dministrative limit exceeded");
    finds(server.settings(), "persons.counted", "40");
    const limited_slapd both("size=10 size.prtotal=disabled");
    auto limited = ask(both.settings());
    const auto some = limited.read_identities("lebus");
    CHECK(some.came.size() == 10);
    says(some.end, "Size limit exceeded");
}

TEST_CASE("nobody is gone since the answer about accounts was too long for the server") {
    const limited_slapd server("size=5");
    auto asked = ask(server.settings());
    std::vector<directory_id> ids;
    for (int i = 0; i < 20; ++i) {
        const auto who = asked.look_up_by_name("lebus", "p" + std::to_string(i));
        if (!who) FAIL(who.error().detail);
        ids.push_back(who->id);
    }
    ids.push_back(directory_id("1b4e28ba-2fa1-11d2-883f-0016d3cca427"));
    const auto standings = asked.check_accounts("lebus", ids);
    if (!standings) FAIL(standings.error().detail);
    CHECK(standings->gone == std::vector{ids.back()});
}

TEST_CASE("limits of time and of administration cut off, a search that fails is an error") {
    const auto answered = [](int code) {
        const scripted_directory server([code](const scripted_directory::request& asked) {
            if (asked.operation == 0x60)
                return scripted_directory::reply{ber::bind_response(asked.id)};
            const ber::attributes anna{{"entryUUID", {"1b4e28ba-2fa1-11d2-883f-0016d3cca427"}},
                                       {"uid", {"anna"}}};
            return scripted_directory::reply{ber::search_entry(asked.id, "uid=anna,dc=x", anna) +
                                             ber::search_done(asked.id, code)};
        });
        directory_settings settings;
        settings.urls = {server.url()};
        settings.transport = directory_transport::plain;
        settings.person_base = "dc=x";
        auto asked = ask(settings);
        return asked.read_persons("lebus").end;
    };
    says(answered(3), "1, Time limit exceeded");
    says(answered(11), "1, Administrative limit exceeded");
    CHECK(answered(50).error().error == look_up_error::directory_misconfigured);
    CHECK(answered(0).has_value());
}

TEST_CASE("a base that is a referral is named so, with where it leads") {
    const std::string elsewhere = "ldap://anderswo.example/ou=amt,dc=lebus,dc=example";
    const slapd server("dc=lebus,dc=example",
                       "dn: ou=amt,dc=lebus,dc=example\nobjectClass: referral\nobjectClass: "
                       "extensibleObject\nou: amt\nref: " +
                           elsewhere + "\n\n" + entry("anna"));
    directory_settings settings;
    settings.urls = {server.url()};
    settings.transport = directory_transport::plain;
    settings.person_base = settings.group_base = "ou=amt,dc=lebus,dc=example";
    finds(settings, "base.referral", elsewhere);
    auto asked = ask(settings);
    const auto refused = asked.sign_in("lebus", "anna", "Kennwort-1");
    CHECK(refused.error().error == directory::sign_in_error::directory_misconfigured);
    CHECK(refused.error().detail.find(elsewhere) != std::string::npos);
    settings.person_base = "dc=lebus,dc=example";
    settings.person_filter = "(uid=anna)";
    auto groups = ask(settings);
    const auto half = groups.sign_in("lebus", "anna", "Kennwort-1");
    REQUIRE_FALSE(half.has_value());
    CHECK(half.error().error == directory::sign_in_error::directory_misconfigured);
    CHECK(half.error().detail.find("groups below ou=amt") != std::string::npos);
    CHECK(half.error().detail.find(elsewhere) != std::string::npos);
    settings.group_base = "ou=keine,dc=lebus,dc=example";
    finds(settings, "base.missing", "dc=lebus,dc=example");
}
