// Whom a typed name means, how guessing at them is counted, and what the directory hears of it.
#include "tests/contract/directory/layouts.hpp"
#include "tests/support/ldap_admin.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace kommpass;
using namespace kommpass::tests;
using directory::attempt_gate;
using directory::sign_in_error;

namespace {

constexpr auto people = ",ou=people,dc=lebus,dc=example";
constexpr auto nfd_password = "Gru\u0308n-2026";
constexpr auto nfc_password = "Grün-2026";

class recording_gate final : public attempt_gate {
public:
    verdict admit(const std::string& account) override {
        accounts.insert(account);
        ++asked;
        return {std::chrono::milliseconds(0), is_known};
    }
    std::set<std::string> accounts;
    int asked = 0;
    bool is_known = false;
};

// slapd that locks an account after so many wrong passwords.
class lebus {
public:
    explicit lebus(std::size_t threshold = 0)
        : server_(make_server(every_layout().front())),
          admin(server_->url(), server_->admin_dn(), slapd::admin_password) {
        settings = settings_for(every_layout().front(), *server_);
        settings.own_domains = {"lebus.example"};
        settings.lockout_threshold = threshold;
        if (threshold > 0)
            admin.replace("cn=standard,ou=policies,dc=lebus,dc=example", "pwdMaxFailure",
                          {std::to_string(threshold)});
    }
    asked_directories ask() const { return asked_directories({{member_slug("lebus"), settings}}); }
    std::size_t wrong_at_the_server(const std::string& uid) {
        return admin.read("uid=" + uid + people, "pwdFailureTime").size();
    }
    // As one that need not be changed first.
    void set_password(const std::string& uid, const std::string& password) {
        admin.replace("uid=" + uid + people, "userPassword", {password});
        admin.replace("uid=" + uid + people, "pwdReset", {});
    }
    bool is_locked(const std::string& uid) {
        return !admin.read("uid=" + uid + people, "pwdAccountLockedTime").empty();
    }

private:
    std::unique_ptr<slapd> server_;

public:
    ldap_admin admin;
    directory_settings settings;
};

const std::vector<std::string>& spellings() {
    static const std::vector<std::string> all{"anna.noack",
                                              " anna.noack",
                                              "anna.noack  ",
                                              "ANNA.NOACK",
                                              "\tanna.noack",
                                              "anna.noack\u00a0",
                                              "\u200banna.noack",
                                              "anna\u00ad.noack",
                                              "ａｎｎａ．ｎｏａｃｋ",
                                              "anna.noack@lebus.example",
                                              "Anna.Noack@LEBUS.example",
                                              "\u2003anna.noack@lebus.example ",
                                              "anna.noack＠lebus.example",
                                              "LEBUS\\anna.noack",
                                              "lebus\\Anna.Noack\u00a0"};
    return all;
}

}  // namespace

TEST_CASE("every spelling of a name finds the person, and is one account to whoever counts") {
    lebus at;
    at.settings.netbios_name = "LEBUS";
    auto asked = at.ask();
    recording_gate gate;
    for (const auto& typed : spellings()) {
        CAPTURE(typed);
        const auto who = asked.sign_in("lebus", typed, "Spreewald-7", gate);
        if (!who) FAIL(who.error().detail);
        CHECK(who->login_name == "anna.noack");
        CHECK(gate.accounts == std::set{directory::account_of_id(who->id.str())});
    }
    CHECK(gate.asked == static_cast<int>(spellings().size()));
}

TEST_CASE("every spelling of a name that is nobody's is one account as well") {
    lebus at;
    at.settings.netbios_name = "LEBUS";
    at.admin.remove(std::string("uid=anna.noack") + people);
    auto asked = at.ask();
    recording_gate gate;
    for (const auto& typed : spellings()) {
        const auto nobody = asked.sign_in("lebus", typed, "Spreewald-7", gate);
        CHECK(nobody.error().error == sign_in_error::wrong_credentials);
    }
    CHECK(gate.accounts == std::set{directory::account_of_name("anna.noack")});
}

TEST_CASE("who has no mail address signs in with the member's domain behind the login name") {
    lebus at;
    at.admin.replace(std::string("uid=mueller") + people, "mail", {});
    auto asked = at.ask();
    CHECK(asked.sign_in("lebus", "mueller@lebus.example", "gleiches Kennwort").has_value());
    CHECK(asked.look_up_by_name("lebus", "Mueller@Lebus.Example")->login_name == "mueller");
    CHECK_FALSE(
        asked.sign_in("lebus", "mueller@anderswo.example", "gleiches Kennwort").has_value());

    // Somebody else's mail address is theirs: the whole name comes first.
    at.admin.replace(std::string("uid=anna.noack") + people, "mail", {"mueller@lebus.example"});
    const auto anna = asked.sign_in("lebus", "mueller@lebus.example", "Spreewald-7");
    if (!anna) FAIL(anna.error().detail);
    CHECK(anna->login_name == "anna.noack");
    CHECK(asked.sign_in("lebus", "mueller@lebus.example", "gleiches Kennwort").error().error ==
          sign_in_error::wrong_credentials);

    // Two people with the whole name are two, whoever has the part before the domain.
    at.admin.replace(std::string("uid=doppelt.eins") + people, "mail", {"mueller@lebus.example"});
    CHECK(asked.sign_in("lebus", "mueller@lebus.example", "Spreewald-7").error().error ==
          sign_in_error::ambiguous_name);
}

TEST_CASE("a password is tried as typed, then composed, and was typed once") {
    lebus at(10);
    auto asked = at.ask();
    recording_gate gate;
    at.set_password("anna.noack", nfc_password);
    CHECK(asked.sign_in("lebus", "anna.noack", nfd_password, gate).has_value());
    CHECK(asked.sign_in("lebus", "anna.noack", nfc_password, gate).has_value());
    CHECK(gate.asked == 2);

    at.set_password("anna.noack", nfd_password);
    CHECK(asked.sign_in("lebus", "anna.noack", nfd_password, gate).has_value());
    CHECK(at.wrong_at_the_server("anna.noack") == 0);
    // What was typed composed is not taken apart.
    CHECK_FALSE(asked.sign_in("lebus", "anna.noack", nfc_password, gate).has_value());
    CHECK(at.wrong_at_the_server("anna.noack") == 1);
    // A wrong one in two forms is two wrong ones to the server, and to the guard.
    CHECK_FALSE(asked.sign_in("lebus", "anna.noack", "Gru\u0308n-2027", gate).has_value());
    CHECK(at.wrong_at_the_server("anna.noack") == 3);
    CHECK(asked.sign_in("lebus", "anna.noack", nfd_password, gate).error().error ==
          sign_in_error::too_many_attempts);
}

TEST_CASE("a new password is set composed, however it was typed, and the old one is found again") {
    lebus at;
    at.set_password("anna.noack", nfc_password);
    auto asked = at.ask();
    CHECK(
        asked.change_password("lebus", "anna.noack", nfd_password, "Scho\u0308n-2027").has_value());
    CHECK(asked.sign_in("lebus", "anna.noack", "Schön-2027").has_value());
    CHECK(asked.sign_in("lebus", "anna.noack", "Scho\u0308n-2027").has_value());
}

TEST_CASE("right passwords at the same moment all pass, however low the threshold is") {
    for (const std::size_t threshold : {2, 3, 5}) {
        lebus at(threshold);
        auto asked = at.ask();
        asked.sign_in_side_by_side("lebus", "anna.noack", "Spreewald-7", 20);
        CHECK(asked.sign_in("lebus", "anna.noack", "Spreewald-7").has_value());
    }
}

TEST_CASE("no guessing in any spelling or form locks the account; whoever knows it gets in (R48)") {
    for (const std::size_t threshold : {4, 5, 10}) {
        CAPTURE(threshold);
        lebus at(threshold);
        at.settings.netbios_name = "LEBUS";
        auto asked = at.ask();
        recording_gate strangers;
        for (int round = 0; round < 4; ++round) {
            for (const auto& typed : spellings()) {
                const auto wrong = "Falsch-" + std::to_string(round) + "-u\u0308";
                CHECK_FALSE(asked.sign_in("lebus", typed, wrong, strangers).has_value());
            }
        }
        CHECK(at.wrong_at_the_server("anna.noack") ==
              std::min<std::size_t>(3, directory::shares_of(threshold).anybodys));
        CHECK_FALSE(at.is_locked("anna.noack"));
        CHECK(asked.sign_in("lebus", "anna.noack", "Spreewald-7", strangers).error().error ==
              sign_in_error::too_many_attempts);

        // Nor does a restart give the guesses back.
        auto restarted = at.ask();
        CHECK(restarted.sign_in("lebus", "anna.noack", "Spreewald-7", strangers).error().error ==
              sign_in_error::too_many_attempts);

        recording_gate known;
        known.is_known = true;
        CHECK(asked.sign_in("lebus", "anna.noack", "Spreewald-7", known).has_value());
        CHECK(asked.sign_in("lebus", "anna.noack", "Spreewald-7", strangers).has_value());
    }
}
