// Mistakes in a member's settings, and what `kommpass directory test` says of each.
#include "directory/diagnosis/diagnose.hpp"
#include "directory/diagnosis/password_rules.hpp"
#include "directory/diagnosis/server_lockout.hpp"
#include "directory/line/address_book.hpp"
#include "tests/contract/directory/vendors.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/slapd.hpp"
#include "tests/support/test_certificate.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>

using namespace kommpass;
using namespace kommpass::tests;
using directory::diagnosis::diagnose;
using directory::diagnosis::diagnosed;
using directory::diagnosis::level;

namespace {

diagnosed look_at(const directory_settings& settings, const std::string& user = {}) {
    const system_clock time;
    return diagnose(member_slug("amt"), settings, user,
                    directory::permitted_addresses::with_loopback(), time);
}

// Also says what came instead, if it did not.
bool finds(const directory_settings& settings, const char* id) {
    const auto made = look_at(settings);
    std::string all;
    for (const auto& one : made.said.findings()) all += std::string(one.what->id) + " ";
    CAPTURE(all);
    CHECK(made.said.has(id));
    return made.said.has(id);
}

// A slapd with a certificate of the test's own authority.
class secured_slapd {
public:
    explicit secured_slapd(const std::string& names)
        : folder_(fresh_folder("authority")),
          authority_(folder_),
          pair_(authority_.issue("server", "/CN=directory", names)),
          server_("dc=lebus,dc=example",
                  "dn: uid=anna,dc=lebus,dc=example\nobjectClass: inetOrgPerson\nuid: anna\n"
                  "cn: Anna Noack\nsn: Noack\nuserPassword: Spreewald-7\n\n",
                  {},
                  "TLSCertificateFile " + pair_.certificate.string() + "\nTLSCertificateKeyFile " +
                      pair_.key.string() + "\nTLSCACertificateFile " +
                      authority_.ca_file().string() +
                      "\nTLSVerifyClient try\nauthz-regexp \"cn=kommpass\" "
                      "\"uid=anna,dc=lebus,dc=example\"\n") {}
    ~secured_slapd() { std::filesystem::remove_all(folder_); }

    directory_settings settings() const {
        directory_settings s;
        s.urls = {server_.tls_url()};
        s.transport = directory_transport::ldaps;
        s.ca_file = authority_.ca_file().string();
        s.person_base = s.group_base = "dc=lebus,dc=example";
        return s;
    }
    const slapd& server() const { return server_; }
    const test_authority& authority() const { return authority_; }

private:
    std::filesystem::path folder_;
    test_authority authority_;
    test_authority::pair pair_;
    slapd server_;
};

}  // namespace

TEST_CASE("every vendor: a directory that is right is found right, with product, feed and person") {
    for (const auto& vendor : every_vendor()) {
        auto& server = vendor();
        CAPTURE(server.name());
        const auto made = look_at(server.settings(), "anna.noack");
        for (const auto& one : made.said.findings()) {
            CAPTURE(text_of(one, directory::diagnosis::language::en));
            CHECK(one.what->level != level::failure);
        }
        for (const auto* id : {"bind.accepted", "vendor.seen", "base.readable", "persons.counted",
                               "groups.counted", "watch.push", "user.found", "user.group"}) {
            CAPTURE(id);
            CHECK(made.said.has(id));
        }
        REQUIRE(made.who.has_value());
        CHECK(made.who->display_name == "Anna Noack");
    }
    CHECK(look_at(active_directory_server().settings()).said.has("clock.right"));
}

TEST_CASE("every vendor: when the server locks accounts is found out where it says so") {
    for (const auto& vendor : every_vendor()) {
        auto& server = vendor();
        CAPTURE(server.name());
        auto settings = server.settings();
        settings.lockout_threshold = 0;
        const auto said = look_at(settings).said;
        if (said.has("lockout.untold")) {  // 389 DS shows cn=config to its manager only
            CHECK(settings.vendor == directory_vendor::ds389);
            continue;
        }
        CHECK(said.has("lockout.unguarded"));
        for (const auto& one : said.findings()) {
            if (one.what->id == "lockout.unguarded") CHECK(one.detail == "5");
        }
        settings.lockout_threshold = 10;
        CHECK(look_at(settings).said.has("lockout.unguarded"));
        settings.lockout_threshold = 5;
        CHECK(look_at(settings).said.has("lockout.counted"));
    }
}

TEST_CASE("a server's lock-out is read as each vendor writes it, and the strictest rule counts") {
    using namespace directory::diagnosis;
    using namespace std::chrono_literals;
    using fields = std::map<std::string, std::vector<std::string>>;
    const auto rule = [](directory_vendor vendor, fields attributes) {
        directory::ldap_entry entry;
        entry.attributes = std::move(attributes);
        const auto found = lockout_in(entry, vendor);
        return found ? std::pair(found->threshold, found->window)
                     : std::pair(std::size_t(99), std::optional<std::chrono::seconds>());
    };
    using expected = std::pair<std::size_t, std::optional<std::chrono::seconds>>;
    const auto ad = directory_vendor::active_directory;
    const auto ds = directory_vendor::ds389;
    const auto openldap = directory_vendor::openldap;
    CHECK(rule(openldap, {{"pwdlockout", {"TRUE"}},
                          {"pwdmaxfailure", {"5"}},
                          {"pwdfailurecountinterval", {"900"}}}) == expected(5, 900s));
    CHECK(rule(openldap, {{"pwdlockout", {"FALSE"}}, {"pwdmaxfailure", {"5"}}}) ==
          expected(0, std::nullopt));
    CHECK(rule(openldap, {{"pwdlockout", {"TRUE"}}, {"pwdmaxfailure", {"3"}}}) ==
          expected(3, std::nullopt));
    CHECK(rule(ad, {{"lockoutthreshold", {"10"}},
                    {"lockoutobservationwindow", {"-18000000000"}}}) == expected(10, 1800s));
    CHECK(rule(ad, {{"msds-lockoutthreshold", {"4"}},
                    {"msds-lockoutobservationwindow", {"-6000000000"}}}) == expected(4, 600s));
    CHECK(rule(ad, {{"lockoutthreshold", {"0"}}}) == expected(0, std::nullopt));
    CHECK(rule(ad, {}) == expected(99, std::nullopt));
    CHECK(rule(ds, {{"passwordlockout", {"on"}},
                    {"passwordmaxfailure", {"4"}},
                    {"passwordresetfailurecount", {"300"}}}) == expected(4, 300s));
    CHECK(rule(ds, {{"passwordlockout", {"off"}}, {"passwordmaxfailure", {"4"}}}) ==
          expected(0, std::nullopt));
    CHECK(rule(ds, {{"passwordlockout", {"on"}}}) == expected(3, 600s));
    CHECK(rule(openldap, {{"pwdlockout", {"TRUE"}}, {"pwdmaxfailure", {"-5"}}}) ==
          expected(0, std::nullopt));

    const auto all = strictest({{10, 60s}, {0, std::nullopt}, {4, 30s}});
    CHECK(all.threshold == 4);
    CHECK(all.window == 60s);
    CHECK_FALSE(strictest({{10, 60s}, {4, std::nullopt}}).window.has_value());

    const auto judged = [](std::vector<server_lockout> told, std::size_t ours) {
        directory_settings settings;
        settings.lockout_threshold = ours;
        report said;
        judge_lockout(told, settings, said);
        return said;
    };
    CHECK(judged({}, 0).has("lockout.untold"));
    CHECK(judged({{}}, 0).has("lockout.none"));
    CHECK(judged({{3, 60s}}, 3).has("lockout.low"));
    CHECK_FALSE(judged({{5, 60s}}, 5).has("lockout.low"));
    CHECK(judged({{5, 7200s}}, 5).has("lockout.longer_window"));
    CHECK(judged({{5, std::nullopt}}, 5).has("lockout.never_forgets"));
    CHECK(judged({{5, 60s}}, 6).has("lockout.unguarded"));
}

TEST_CASE(
    "a server's rules for passwords are read as each vendor writes them, what is off left out") {
    using namespace directory::diagnosis;
    using fields = std::map<std::string, std::vector<std::string>>;
    const auto rules = [](directory_vendor vendor, fields attributes) {
        directory::ldap_entry entry;
        entry.attributes = std::move(attributes);
        return password_rules_in(entry, vendor);
    };
    const auto ad = directory_vendor::active_directory;
    const auto ds = directory_vendor::ds389;
    CHECK(rules(directory_vendor::openldap, {{"pwdminlength", {"8"}},
                                             {"pwdmaxage", {"7776000"}},
                                             {"pwdinhistory", {"0"}},
                                             {"pwdgraceauthnlimit", {"x"}}}) ==
          "pwdMinLength 8, pwdMaxAge 90 d");
    CHECK(rules(ad, {{"minpwdlength", {"7"}},
                     {"maxpwdage", {"-36288000000000"}},
                     {"pwdhistorylength", {"24"}}}) ==
          "minPwdLength 7, maxPwdAge 42 d, pwdHistoryLength 24");
    CHECK(rules(ad, {{"maxpwdage", {"-9223372036854775808"}}}).empty());  // never
    CHECK(rules(ad, {{"msds-minimumpasswordlength", {"12"}}}) == "msDS-MinimumPasswordLength 12");
    CHECK(rules(ds, {{"passwordminlength", {"8"}}, {"passwordchecksyntax", {"off"}}}).empty());
    CHECK(rules(ds, {{"passwordmaxage", {"8640000"}}, {"passwordexp", {"on"}}}) ==
          "passwordMaxAge 100 d");
    CHECK(rules(ds, {}).empty());
}

TEST_CASE("every vendor: rules for passwords are found where the server tells its lock-out") {
    for (const auto& vendor : every_vendor()) {
        auto& server = vendor();
        CAPTURE(server.name());
        const auto said = look_at(server.settings()).said;
        CHECK((said.has("policy.seen") || said.has("lockout.untold")));
        CHECK_FALSE(said.has("policy.none"));
    }
}

TEST_CASE("what is wrong with TLS is told apart") {
    const secured_slapd right("IP:127.0.0.1");
    CHECK_FALSE(look_at(right.settings()).said.failed());
    auto unknown_ca = right.settings();
    const secured_slapd other("DNS:ldap.amt.example,DNS:ldap2.amt.example");
    unknown_ca.ca_file = other.settings().ca_file;
    CHECK(finds(unknown_ca, "tls.unknown_ca"));
    auto no_file = right.settings();
    no_file.ca_file = "/nonexistent/ca.pem";
    CHECK(finds(no_file, "tls.ca_unreadable"));
    CHECK(finds(other.settings(), "tls.host_name_differs"));
    auto wrong_port = right.settings();
    wrong_port.urls = {"ldaps" + right.server().url().substr(4)};
    wrong_port.connect_timeout = std::chrono::milliseconds(500);
    CHECK(finds(wrong_port, "tls.cut"));
    auto starttls = right.settings();
    starttls.transport = directory_transport::starttls;
    starttls.urls = {right.server().url()};
    CHECK(finds(starttls, "tls.secured"));
}

TEST_CASE("StartTLS that the server does not know; a port that nobody listens on; a wrong name") {
    const slapd plain("dc=lebus,dc=example", "");
    directory_settings settings;
    settings.person_base = settings.group_base = "dc=lebus,dc=example";
    settings.transport = directory_transport::starttls;
    settings.urls = {plain.url()};
    CHECK(finds(settings, "starttls.refused"));
    settings.urls = {"ldap://127.0.0.1:" + std::to_string(free_port())};
    CHECK(finds(settings, "tcp.refused"));
    settings.urls = {"ldap://gibt-es-nicht.invalid"};
    CHECK(finds(settings, "name.unresolved"));
    settings.transport = directory_transport::plain;
    settings.urls = {"ldap://192.0.2.1"};
    CHECK(finds(settings, "url.plain_text"));
}

TEST_CASE("a wrong password, base, filter and id are named, with what is there instead") {
    auto settings = openldap_server().settings();
    auto wrong = settings;
    wrong.bind_dn = "uid=anna.noack,ou=people,dc=lebus,dc=example";
    wrong.bind_password_env = "PATH";
    CHECK(finds(wrong, "bind.refused"));
    wrong = settings;
    wrong.person_base = "ou=leute,dc=lebus,dc=example";
    const auto made = look_at(wrong);
    REQUIRE(made.said.has("base.missing"));
    for (const auto& one : made.said.findings()) {
        if (one.what->id == "base.missing") CHECK(one.detail == "dc=lebus,dc=example");
    }
    wrong = settings;
    wrong.person_filter = "(objectClass=account)";
    CHECK(finds(wrong, "persons.none"));
    wrong = settings;
    wrong.id_attribute = "employeeNumber";
    CHECK(finds(wrong, "id.missing"));
    wrong = settings;
    wrong.login_attributes = {"employeeNumber"};
    CHECK(finds(wrong, "login.missing"));
    wrong = settings;
    wrong.groups = group_model::posix_group;
    CHECK(finds(wrong, "groups.none"));
    CHECK(finds(wrong, "groups.other_model"));
    wrong = settings;
    wrong.vendor = directory_vendor::ds389;
    CHECK(finds(wrong, "vendor.differs"));
    CHECK(look_at(settings, "niemand").said.has("user.none"));
}

TEST_CASE("a client certificate in place of a password (SASL EXTERNAL)") {
    const secured_slapd server("IP:127.0.0.1");
    auto settings = server.settings();
    const auto own = server.authority().issue("client", "/CN=kommpass");
    settings.client_certificate_file = own.certificate.string();
    settings.client_key_file = own.key.string();
    const auto made = look_at(settings, "anna");
    CAPTURE(text_of(made.said.findings().back(), directory::diagnosis::language::en));
    CHECK_FALSE(made.said.failed());
    CHECK(made.who.has_value());
    const secured_slapd stranger("IP:127.0.0.1");
    const auto foreign = stranger.authority().issue("client", "/CN=fremd");
    settings.client_certificate_file = foreign.certificate.string();
    settings.client_key_file = foreign.key.string();
    CHECK(look_at(settings).said.failed());
}

TEST_CASE("the trouble-shooting page speaks of every finding that needs a remedy") {
    std::ifstream file("docs/operator/directory-troubleshooting.md");
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    REQUIRE_FALSE(page.empty());
    std::set<std::string_view> ids;
    for (const auto& one : directory::diagnosis::every_message()) {
        CAPTURE(one.id);
        CHECK(ids.insert(one.id).second);
        if (one.level == level::warning || one.level == level::failure) {
            CHECK_FALSE(one.remedy_de.empty());
            CHECK_FALSE(one.remedy_en.empty());
            CHECK(page.find("`" + std::string(one.id) + "`") != std::string::npos);
            CHECK(page.find(one.remedy_de) != std::string::npos);
        }
    }
}
