// A server that answers anything at all, beside two that are honest, in sequences from a seed: what
// reaches it, what comes of it, and what the others' people get meanwhile. What the service makes
// of such answers is attacked in tests/idp/attacks.
#include "config/vocabulary/distinguished_name.hpp"
#include "tests/contract/directory/layouts.hpp"
#include "tests/idp/attacks/dice.hpp"
#include "tests/support/scripted_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using attacks::dice;
using reply = scripted_directory::reply;
using request = scripted_directory::request;

namespace {

constexpr unsigned char bind_request = 0x60;

// Everything that came to one server.
class log_of_requests {
public:
    void add(const request& asked) {
        const std::lock_guard lock(mutex_);
        all_.push_back(asked.bytes);
    }
    [[nodiscard]] bool has(const std::string& text) const {
        const std::lock_guard lock(mutex_);
        return std::any_of(all_.begin(), all_.end(), [&](const std::string& one) {
            return one.find(text) != std::string::npos;
        });
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> all_;
};

// One person, one password, one group.
struct honest_server {
    std::string member;
    std::string user;
    log_of_requests came;
    scripted_directory server{[this](const request& asked) { return answer(asked); }};

    honest_server(std::string slug, std::string name)
        : member(std::move(slug)), user(std::move(name)) {}
    [[nodiscard]] std::string password() const { return "Geheim-" + user; }
    [[nodiscard]] std::string dn() const { return "uid=" + user + ",ou=people,dc=" + member; }

    reply answer(const request& asked) {
        came.add(asked);
        const auto has = [&](const std::string& text) {
            return asked.bytes.find(text) != std::string::npos;
        };
        if (asked.operation == bind_request) {
            const bool of_the_person = has(dn());
            return {ber::bind_response(asked.id, of_the_person && !has(password()) ? 49 : 0)};
        }
        if (asked.operation != 0x63) return {};
        const bool of_the_person = has(user) || has("id-of-" + user);
        const auto entry =
            ber::search_entry(asked.id, dn(),
                              {{"entryUUID", {"id-of-" + user}},
                               {"uid", {user}},
                               {"cn", {user}},
                               {"mail", {user + "@" + member + ".example"}},
                               {"memberOf", {"cn=Meldeamt,ou=groups,dc=" + member}}});
        return {(of_the_person ? entry : std::string()) + ber::search_done(asked.id)};
    }
};

constexpr auto own_place = ",ou=people,dc=hostil";

// Says whatever the dice say, with the others' names, ids, groups and addresses at hand.
class hostile_server {
public:
    hostile_server(std::uint32_t seed, const honest_server& one, const honest_server& other)
        : dice_(seed), one_(one), other_(other), server_([this](const request& asked) {
              came.add(asked);
              return answer(asked);
          }) {}
    [[nodiscard]] std::string url() const { return server_.url(); }
    log_of_requests came;

private:
    std::string word() {
        const auto& victim = dice_.one_in(2) ? one_ : other_;
        switch (dice_.below(10)) {
            case 0:
                return victim.user;
            case 1:
                return victim.user + "@" + victim.member + ".example";
            case 2:
                return "id-of-" + victim.user;
            case 3:
                return victim.dn();
            case 4:
                return "cn=Meldeamt,ou=groups,dc=" + victim.member;
            case 5:
                return std::string(1 + dice_.below(80'000), 'x');
            case 6:
                return "\xff\xfe" + victim.user;
            case 7:
                return victim.server.url() + "/dc=" + victim.member + "??sub";
            case 8:
                return "cn=Boese,ou=groups,dc=hostil";
            default:
                return "boese";
        }
    }

    // Where it says that an entry lies: in its own place mostly, else nothing of it counts.
    std::string place() {
        if (dice_.one_in(4)) return word();
        return "uid=" + one_.user + (dice_.one_in(4) ? ",OU=People, dc=Hostil" : own_place);
    }

    reply answer(const request& asked) {
        if (dice_.one_in(80)) return {std::string(50, '\0'), true};
        if (dice_.one_in(80)) return {ber::notice_of_disconnection(), true};
        if (asked.operation == bind_request) {
            // 10 is a referral, 14 asks for another step.
            constexpr std::array codes{0, 0, 0, 0, 0, 0, 0, 0, 49, 10, 14, 53, 1};
            return {ber::bind_response(asked.id, codes[dice_.below(codes.size())])};
        }
        std::string bytes;
        for (auto i = dice_.one_in(3) ? dice_.below(4) : 1; i > 0; --i) {
            ber::attributes all;
            for (const auto* name :
                 {"entryUUID", "uid", "cn", "displayName", "mail", "memberOf", "memberOf",
                  "employeeNumber", "pwdReset", "pwdAccountLockedTime", "userPassword"}) {
                if (dice_.one_in(8)) continue;
                std::vector<std::string> values;
                // Several ids let nobody in, and then nothing else of the entry counts.
                const bool one = name == std::string_view("entryUUID") && !dice_.one_in(4);
                for (auto n = one ? 1 : 1 + dice_.below(3); n > 0; --n) values.push_back(word());
                all.emplace_back(name, std::move(values));
            }
            bytes += ber::search_entry(asked.id, place(), all);
            if (dice_.one_in(4))
                bytes += ber::search_reference(asked.id, one_.server.url() + "/dc=lebus??sub");
        }
        constexpr std::array codes{0, 0, 0, 0, 0, 0, 0, 0, 4, 10, 32, 51};
        return {bytes + ber::search_done(asked.id, codes[dice_.below(codes.size())])};
    }

    dice dice_;  // only in the script, which one request at a time runs
    const honest_server& one_;
    const honest_server& other_;
    scripted_directory server_;
};

directory_settings settings_for(const std::string& member, const std::string& url) {
    directory_settings settings;
    settings.urls = {url};
    settings.transport = directory_transport::plain;
    settings.person_base = "ou=people,dc=" + member;
    settings.group_base = "ou=groups,dc=" + member;
    settings.member_of = true;
    settings.nesting_depth = 0;
    settings.connect_timeout = 500ms;
    settings.deadline = 1000ms;
    settings.identity_cache = 30s;
    return settings;
}

struct scene {
    honest_server lebus{"lebus", "anna.noack"};
    honest_server cottbus{"cottbus", "jan.kowal"};
    hostile_server hostile;
    asked_directories asked;
    int believed = 0;  // answers of the hostile server

    explicit scene(std::uint32_t seed)
        : hostile(seed, lebus, cottbus),
          asked({{member_slug("lebus"), settings_for("lebus", lebus.server.url())},
                 {member_slug("cottbus"), settings_for("cottbus", cottbus.server.url())},
                 {member_slug("hostil"), settings_for("hostil", hostile.url())}}) {}
};

void check_hostile(const identity& who, int& believed) {
    ++believed;
    CHECK(who.member.view() == "hostil");
    CHECK(distinguished_name::parse(who.dn)->is_within(
        *distinguished_name::parse("ou=people,dc=hostil")));
    CHECK_FALSE(who.id.empty());
    CHECK(who.login_name.size() <= 256);
    CHECK(who.mail.size() <= 320);
    CHECK(who.groups.size() < 10'000);
    for (const auto& group : who.groups) CHECK(group.dn.ends_with(",ou=groups,dc=hostil"));
}

// Asks the hostile server whatever can be asked.
void ask_hostile(scene& s, dice& d) {
    const auto name = d.of({"boese", "anna.noack", "jan.kowal", "*"});
    const directory_id id(d.of({"id-of-anna.noack", "id-of-jan.kowal", "boese"}));
    switch (d.below(5)) {
        case 0:
            if (const auto who = s.asked.sign_in("hostil", name, "Boese-1"))
                check_hostile(*who, s.believed);
            return;
        case 1:
            if (const auto who = s.asked.look_up("hostil", id)) check_hostile(*who, s.believed);
            return;
        case 2:
            if (const auto who = s.asked.look_up_by_name("hostil", name))
                check_hostile(*who, s.believed);
            return;
        case 3:
            (void)s.asked.change_password("hostil", name, "Boese-1", "Boese-2");
            return;
        default:
            (void)s.asked.check_accounts("hostil", {id});
    }
}

// The honest ones get what their own directory says, whatever was said of the same ids and names.
void ask_honest(scene& s, honest_server& home) {
    const auto right = s.asked.sign_in(home.member, home.user, home.password());
    if (!right) FAIL_CHECK(right.error().detail);
    const auto found = s.asked.look_up(home.member, directory_id("id-of-" + home.user));
    REQUIRE(found.has_value());
    for (const auto* who : {&*right, &*found}) {
        CHECK(who->member.view() == home.member);
        CHECK(who->mail == home.user + "@" + home.member + ".example");
        CHECK(who->dn == home.dn());
        CHECK(who->groups.size() == 1);
    }
    CHECK_FALSE(s.asked.sign_in(home.member, home.user, "Boese-1").has_value());
}

}  // namespace

TEST_CASE("whatever one directory answers, the others' passwords and people stay their own") {
    int believed = 0;
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        scene s(seed);
        dice d(seed);
        for (int i = 0; i < 25; ++i) {
            if (d.one_in(3))
                ask_honest(s, d.one_in(2) ? s.lebus : s.cottbus);
            else
                ask_hostile(s, d);
        }
        believed += s.believed;
        ask_honest(s, s.lebus);
        ask_honest(s, s.cottbus);
        CHECK_FALSE(s.hostile.came.has("Geheim-"));
        for (const auto* home : {&s.lebus, &s.cottbus}) {
            CHECK(home->came.has(home->password()));  // else nothing was looked at
            CHECK_FALSE(home->came.has("Boese-2"));
            CHECK_FALSE(home->came.has("dc=hostil"));
        }
    }
    CHECK(believed > 50);  // else it was refused all the time, and nothing was tried
}
