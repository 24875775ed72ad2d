// Servers that answer badly, by accident or in bad faith: each ends in a named error, within its
// member's deadline, and for that member only.
#include "tests/contract/directory/layouts.hpp"
#include "tests/support/resident_memory.hpp"
#include "tests/support/scripted_directory.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using directory::look_up_error;
using directory::sign_in_error;
using reply = scripted_directory::reply;
using request = scripted_directory::request;

namespace {

constexpr unsigned char bind_request = 0x60;
constexpr auto anna_dn = "uid=anna,dc=x";
const ber::attributes anna{{"entryUUID", {"1b4e28ba-2fa1-11d2-883f-0016d3cca427"}},
                           {"uid", {"anna"}},
                           {"cn", {"Anna Noack"}},
                           {"mail", {"anna@x.example"}}};

directory_settings settings_for(const std::string& url) {
    directory_settings settings;
    settings.urls = {url};
    settings.transport = directory_transport::plain;
    settings.person_base = "dc=x";
    settings.group_base = "dc=x";
    settings.member_of = true;
    settings.nesting_depth = 0;
    settings.connect_timeout = 1000ms;
    settings.deadline = 1500ms;
    return settings;
}

// Binds succeed; a search is answered by `make`, but for what memberOf's groups are called.
scripted_directory::script searching(std::function<reply(int)> make) {
    return [make = std::move(make)](const request& asked) {
        if (asked.operation == bind_request) return reply{ber::bind_response(asked.id)};
        if (asked.bytes.find("entryDN") != std::string::npos)
            return reply{ber::search_done(asked.id)};
        return make(asked.id);
    };
}

sign_in_answer sign_in(const scripted_directory& server) {
    asked_directories asked({{member_slug("x"), settings_for(server.url())}});
    return asked.sign_in("x", "anna", "Kennwort");
}

}  // namespace

TEST_CASE("a server that answers well is believed, byte by byte and with references besides") {
    scripted_directory server(searching([](int id) {
        return reply{ber::search_reference(id, "ldap://elsewhere.example/dc=x??sub") +
                         ber::search_entry(id, anna_dn, anna) + ber::search_done(id),
                     false, false, true};
    }));
    const auto who = sign_in(server);
    if (!who) FAIL(who.error().detail);
    CHECK(who->display_name == "Anna Noack");
}

TEST_CASE("bytes that are no LDAP, cut answers, wrong lengths: the directory is unavailable") {
    const std::pair<const char*, std::function<reply(int)>> bad[] = {
        {"garbage",
         [](int) {
             return reply{"HTTP/1.1 400 Bad Request\r\n\r\n", true};
         }},
        {"zeros",
         [](int) {
             return reply{std::string(200, '\0'), true};
         }},
        {"cut in the middle",
         [](int id) {
             const auto all = ber::search_entry(id, anna_dn, anna) + ber::search_done(id);
             return reply{all.substr(0, all.size() / 2), true};
         }},
        {"a length beyond every bound",
         [](int) { return reply{std::string("\x30\x84\x7f\xff\xff\xff\x02\x01\x02", 9)}; }},
        {"a length of eight bytes",
         [](int) { return reply{std::string("\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff", 10)}; }},
        {"silence", [](int) { return reply{}; }},
        {"hangs up",
         [](int) {
             return reply{{}, true};
         }},
        {"another message's id",
         [](int id) {
             return reply{ber::search_entry(id + 7, anna_dn, anna) + ber::search_done(id + 7)};
         }},
        {"notice of disconnection",
         [](int) {
             return reply{ber::notice_of_disconnection(), true};
         }},
        {"busy", [](int id) { return reply{ber::search_done(id, 51)}; }},
        {"an operation that does not exist",
         [](int id) {
             return reply{ber::message(id, ber::tlv(0x7e, "?")), true};
         }},
    };
    for (const auto& answered : bad) {
        CAPTURE(std::string(answered.first));
        const scripted_directory server(searching(answered.second));
        const auto answer = sign_in(server);
        REQUIRE_FALSE(answer.has_value());
        CAPTURE(answer.error().detail);
        CHECK(answer.error().error == sign_in_error::directory_unavailable);
        CHECK(answer.error().detail.find("127.0.0.1") != std::string::npos);
    }
}

TEST_CASE("entries that nobody can be: without an id, without a DN, two for one name") {
    const auto with = [](const std::string& dn, const ber::attributes& all, int times = 1) {
        return searching([=](int id) {
            std::string bytes;
            for (int i = 0; i < times; ++i)
                bytes += ber::search_entry(id, (i > 0 ? "cn=zwei," : "") + dn, all);
            return reply{bytes + ber::search_done(id)};
        });
    };
    auto nameless = anna;
    nameless.erase(nameless.begin());
    const scripted_directory no_id(with(anna_dn, nameless));
    const auto answer = sign_in(no_id);
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().error == sign_in_error::directory_misconfigured);
    CHECK(answer.error().detail.find("entryUUID") != std::string::npos);

    const scripted_directory no_dn(with("", anna));
    CHECK(sign_in(no_dn).error().error == sign_in_error::directory_misconfigured);
    auto without_base = settings_for(no_dn.url());
    without_base.person_base.clear();
    asked_directories draft({{member_slug("x"), without_base}});
    CHECK(draft.sign_in("x", "anna", "Kennwort").error().error ==
          sign_in_error::directory_misconfigured);
    const scripted_directory two(with(anna_dn, anna, 2));
    CHECK(sign_in(two).error().error == sign_in_error::ambiguous_name);
    const scripted_directory three(with(anna_dn, anna, 3));
    CHECK(sign_in(three).error().error == sign_in_error::ambiguous_name);
}

TEST_CASE("an entry from outside of person_base is nobody, whatever it says and whoever asks") {
    const directory_id id(anna.front().second.front());
    for (const auto* outside : {"uid=anna,dc=y", "dc=example", "uid=anna,dc=xx", "uid=anna\\,dc=x",
                                "uid=anna;dc=x", "uid=anna,dc=x,dc=y", "", "no name at all"}) {
        CAPTURE(outside);
        const std::string dn = outside;
        const scripted_directory server(searching([dn](int asked) {
            return reply{ber::search_entry(asked, dn, anna) + ber::search_done(asked)};
        }));
        asked_directories asked({{member_slug("x"), settings_for(server.url())}});
        CHECK(asked.sign_in("x", "anna", "Kennwort").error().error ==
              sign_in_error::directory_misconfigured);
        CHECK_FALSE(asked.look_up("x", id).has_value());
        CHECK_FALSE(asked.look_up_by_name("x", "anna").has_value());
        CHECK(asked.check_accounts("x", {id})->gone == std::vector{id});
        CHECK(asked.names_read("x").empty());
        CHECK(asked.change_password("x", "anna", "Kennwort", "Neues-Wort-26").error().error ==
              directory::password_change_error::directory_misconfigured);
    }
}

TEST_CASE(
    "beside entries from elsewhere the one that was asked for counts, however it is written") {
    const scripted_directory server(searching([](int id) {
        auto other = anna;
        other.front().second = {"9f4e28ba-2fa1-11d2-883f-0016d3cca427"};
        return reply{ber::search_entry(id, "cn=admin,dc=y", other) +
                     ber::search_entry(id, "UserID=Anna, domainComponent=X", anna) +
                     ber::search_done(id)};
    }));
    asked_directories asked({{member_slug("x"), settings_for(server.url())}});
    const auto who = asked.sign_in("x", "anna", "Kennwort");
    if (!who) FAIL(who.error().detail);
    CHECK(who->id.str() == anna.front().second.front());
    CHECK(asked.names_read("x") == std::vector<std::string>{"Anna Noack"});
}

TEST_CASE("an id that is asked for is answered with no other one's entry") {
    const scripted_directory server(searching(
        [](int id) { return reply{ber::search_entry(id, anna_dn, anna) + ber::search_done(id)}; }));
    asked_directories asked({{member_slug("x"), settings_for(server.url())}});
    CHECK(asked.look_up("x", directory_id(anna.front().second.front())).has_value());
    CHECK(asked.look_up("x", directory_id("9f4e28ba-2fa1-11d2-883f-0016d3cca427")).error().error ==
          look_up_error::no_such_person);
}

TEST_CASE(
    "values that are no text or far too long are left out, groups that do not parse as well") {
    auto odd = anna;
    odd.push_back({"displayName", {"\xff\xfe broken"}});
    odd.push_back({"telephoneNumber", {std::string(100'000, '7')}});
    odd.push_back(
        {"memberOf",
         {"this is no DN", "cn=\xff,dc=x", "cn=Meldeamt,dc=x", std::string(70'000, 'x')}});
    const scripted_directory server(searching(
        [=](int id) { return reply{ber::search_entry(id, anna_dn, odd) + ber::search_done(id)}; }));
    const auto who = sign_in(server);
    if (!who) FAIL(who.error().detail);
    CHECK(who->display_name == "Anna Noack");
    CHECK(who->phone.empty());
    CHECK(who->groups_cut_off);
    bool found = false;
    for (const auto& group : who->groups) found = found || group.name == "Meldeamt";
    CHECK(found);
}

TEST_CASE("a server that never stops sending entries is cut off, and memory stays bounded") {
    const scripted_directory server(searching([](int id) {
        auto large = anna;
        large.push_back({"description", {std::string(60'000, 'x')}});
        return reply{ber::search_entry(id, anna_dn, large), false, true};
    }));
    const scripted_directory good(searching(
        [](int id) { return reply{ber::search_entry(id, anna_dn, anna) + ber::search_done(id)}; }));
    const auto before = resident_kilobytes();
    asked_directories asked({{member_slug("x"), settings_for(server.url())},
                             {member_slug("y"), settings_for(good.url())}});
    CHECK(asked.sign_in("x", "anna", "Kennwort").error().error ==
          sign_in_error::directory_unavailable);
    CHECK(asked.sign_in("y", "anna", "Kennwort").has_value());
    CHECK(resident_kilobytes() - before < 100 * 1024);
}

TEST_CASE("a person in more groups than the server gives at once: the ranges are fetched") {
    int asked_for_more = 0;
    const scripted_directory server(searching([&](int id) {
        auto person = anna;
        std::vector<std::string> some;
        const bool last = asked_for_more > 0;
        for (int i = last ? 1500 : 0; i < (last ? 1600 : 1500); ++i)
            some.push_back("cn=g" + std::to_string(i) + ",dc=x");
        person.push_back({last ? "memberOf;range=1500-*" : "memberOf;range=0-1499", some});
        ++asked_for_more;
        return reply{ber::search_entry(id, anna_dn, person) + ber::search_done(id)};
    }));
    const auto who = sign_in(server);
    if (!who) FAIL(who.error().detail);
    CHECK(who->groups.size() == 1600);
    CHECK_FALSE(who->groups_cut_off);
}

TEST_CASE("ranges that never end are cut off, and said to be") {
    const scripted_directory server(searching([](int id) {
        auto person = anna;
        std::vector<std::string> some;
        for (int i = 0; i < 500; ++i) some.push_back("cn=g" + std::to_string(i) + ",dc=x");
        person.push_back({"memberOf;range=0-499", some});
        return reply{ber::search_entry(id, anna_dn, person) + ber::search_done(id)};
    }));
    const auto who = sign_in(server);
    REQUIRE(who.has_value());
    CHECK(who->groups_cut_off);
}

TEST_CASE("one member's bad server is nobody else's trouble") {
    const scripted_directory bad(searching([](int) { return reply{}; }));
    const scripted_directory good(searching(
        [](int id) { return reply{ber::search_entry(id, anna_dn, anna) + ber::search_done(id)}; }));
    asked_directories asked({{member_slug("bad"), settings_for(bad.url())},
                             {member_slug("good"), settings_for(good.url())}});
    CHECK_FALSE(asked.sign_in("bad", "anna", "Kennwort").has_value());
    for (int i = 0; i < 20; ++i) CHECK(asked.sign_in("good", "anna", "Kennwort").has_value());
    CHECK(asked.counters("bad").unavailable == 1);
    CHECK(asked.counters("good").unavailable == 0);
}

TEST_CASE("an answer about accounts that is cut off ends nobody's session") {
    const scripted_directory server(searching([](int id) {
        return reply{ber::search_entry(id, anna_dn, anna) + ber::search_done(id, 4)};
    }));
    asked_directories asked({{member_slug("x"), settings_for(server.url())}});
    const auto answer = asked.check_accounts(
        "x", {directory_id("1b4e28ba-2fa1-11d2-883f-0016d3cca427"), directory_id("other")});
    CHECK(answer.error().error == look_up_error::directory_unavailable);
}
