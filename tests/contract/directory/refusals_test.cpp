// What a refusal tells to somebody with a clock: nothing. Time is turned by the server's script, by
// what it takes over each answer.
#include "tests/contract/directory/layouts.hpp"
#include "tests/support/scripted_directory.hpp"
#include "tests/support/turned_pace.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using directory::password_change_error;
using directory::sign_in_error;
using reply = scripted_directory::reply;

namespace {

constexpr unsigned char bind_request = 0x60;
constexpr unsigned char search_request = 0x63;
constexpr int invalid_credentials = 49;
constexpr auto secret = "Getipptes-Kennwort-7";

// The time that is turned runs ahead of the deadline, which is real.
directory_settings settings_for(const std::string& url, std::chrono::milliseconds deadline) {
    directory_settings settings;
    settings.urls = {url};
    settings.transport = directory_transport::plain;
    settings.person_base = "dc=x";
    settings.member_of = true;
    settings.nesting_depth = 0;
    settings.change_password = true;
    settings.lockout_threshold = 0;
    settings.deadline = deadline;
    return settings;
}

ber::attributes entry_of(const std::string& uid) {
    return {{"entryUUID", {"1b4e28ba-2fa1-11d2-883f-0016d3cca427"}}, {"uid", {uid}}, {"cn", {uid}}};
}

// A directory with anna, whose entry costs 5 ms to read and whose password 75 ms to look at;
// gesperrt, which is refused at once; and doppelt, whose name two entries have. Every password is
// wrong.
class slow_directory {
public:
    explicit slow_directory(std::chrono::milliseconds deadline = 10min)
        : server_([this](const scripted_directory::request& asked) { return answer(asked); }),
          asked_({{member_slug("x"), settings_for(server_.url(), deadline)}}, pace_) {}

    // How long a refusal took, and that it was one.
    std::chrono::nanoseconds refusal(const std::string& user,
                                     sign_in_error expected = sign_in_error::wrong_credentials) {
        const auto began = pace_.now();
        const auto got = asked_.sign_in("x", user, secret);
        REQUIRE_FALSE(got.has_value());
        CHECK(got.error().error == expected);
        return pace_.now() - began;
    }
    std::chrono::nanoseconds change(const std::string& user) {
        const auto began = pace_.now();
        const auto got = asked_.change_password("x", user, secret, "Neues-Wort-1");
        REQUIRE_FALSE(got.has_value());
        CHECK(got.error().error == password_change_error::wrong_credentials);
        return pace_.now() - began;
    }
    int binds() const { return binds_; }
    bool secret_came() const { return secret_came_; }
    void hang() { hangs_ = true; }

private:
    reply answer(const scripted_directory::request& asked) {
        const auto has = [&](std::string_view words) {
            return asked.bytes.find(words) != std::string::npos;
        };
        if (has(secret)) secret_came_ = true;
        if (asked.operation == search_request) {
            std::string found;
            for (const std::string name : {"anna", "gesperrt"}) {
                if (has(name))
                    found = ber::search_entry(asked.id, "uid=" + name + ",dc=x", entry_of(name));
            }
            if (has("anna")) pace_.turn(5ms);
            if (has("doppelt"))
                found = ber::search_entry(asked.id, "uid=a,dc=x", entry_of("doppelt")) +
                        ber::search_entry(asked.id, "uid=b,dc=x", entry_of("doppelt"));
            return reply{found + ber::search_done(asked.id)};
        }
        if (asked.operation != bind_request) return reply{{}, true};
        if (!has("uid=")) return reply{ber::bind_response(asked.id)};
        ++binds_;
        if (hangs_) return reply{};
        pace_.turn(has("gesperrt") ? 1ms : 75ms);
        return reply{ber::bind_response(asked.id, invalid_credentials)};
    }

    turned_pace pace_;
    std::atomic<int> binds_{0};
    std::atomic<bool> secret_came_{false};
    std::atomic<bool> hangs_{false};
    scripted_directory server_;
    asked_directories asked_;
};

}  // namespace

TEST_CASE("a password for a name that is nobody's, or two people's, is sent to no directory") {
    slow_directory x;
    x.refusal("niemand");
    x.refusal("doppelt", sign_in_error::ambiguous_name);
    x.change("niemand");
    x.change("doppelt");
    CHECK(x.binds() == 0);
    CHECK_FALSE(x.secret_came());
    x.refusal("anna");
    CHECK(x.binds() == 1);
    CHECK(x.secret_came());
}

TEST_CASE("a name that nobody has is refused in the time that a wrong password takes there") {
    slow_directory x;
    CHECK(x.refusal("niemand") == 250ms);  // nothing is known yet
    CHECK(x.refusal("anna") == 250ms);
    for (int i = 0; i < 8; ++i) x.refusal("anna");
    CHECK(x.refusal("anna") == 100ms);
    CHECK(x.refusal("niemand") == 100ms);
    CHECK(x.refusal("doppelt", sign_in_error::ambiguous_name) == 100ms);
}

TEST_CASE("a locked account, at which the server does not look, takes as long as any other") {
    slow_directory x;
    for (int i = 0; i < 30; ++i) x.refusal("anna");
    CHECK(x.refusal("gesperrt") == 100ms);
    for (int i = 0; i < 5; ++i) x.refusal("gesperrt");
    CHECK(x.refusal("niemand") == 100ms);
}

TEST_CASE("a password change tells no more by its time than a sign-in does") {
    slow_directory x;
    CHECK(x.change("niemand") == 250ms);
    for (int i = 0; i < 9; ++i) x.change("anna");
    CHECK(x.change("anna") == 100ms);
    CHECK(x.change("niemand") == 100ms);
    CHECK(x.change("doppelt") == 100ms);
    CHECK(x.change("gesperrt") == 100ms);
}

TEST_CASE("a server that answers no bind answers for nobody's name either") {
    slow_directory x(1500ms);
    x.hang();
    x.refusal("anna", sign_in_error::directory_unavailable);
    x.refusal("niemand", sign_in_error::directory_unavailable);
    x.refusal("doppelt", sign_in_error::directory_unavailable);
}
