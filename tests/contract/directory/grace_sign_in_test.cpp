// A password that has expired, and a directory (slapd's ppolicy) that still lets in once or twice
// so that it can be changed: the change runs over the connection of that very sign-in.
#include "directory/ldap_directories.hpp"
#include "tests/support/ldap_admin.hpp"
#include "tests/support/slapd.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using directory::kept_connections;
using directory::password_change_error;
using directory::sign_in_error;

namespace {

constexpr auto base = "dc=lebus,dc=example";

std::string policy(const std::string& name, const std::string& sign_ins) {
    return "dn: cn=" + name + "," + base +
           "\nobjectClass: device\nobjectClass: pwdPolicy\ncn: " + name +
           "\npwdAttribute: userPassword\npwdMaxAge: 60\npwdMinLength: 8\npwdCheckQuality: 2\n"
           "pwdAllowUserChange: TRUE\npwdGraceAuthNLimit: " +
           sign_ins + "\n\n";
}

std::string person(const std::string& uid, const std::string& password, const std::string& rules) {
    return "dn: uid=" + uid + ",ou=people," + base + "\nobjectClass: inetOrgPerson\nuid: " + uid +
           "\ncn: " + uid + "\nsn: " + uid + "\nuserPassword: " + password +
           "\npwdChangedTime: 20260101000000Z\npwdPolicySubentry: cn=" + rules + "," + base +
           "\n\n";
}

std::string entries() {
    return policy("einmal", "1") + policy("zweimal", "2") + "dn: ou=people," + base +
           "\nobjectClass: organizationalUnit\nou: people\n\n" +
           person("anna.noack", "Spreewald-7", "einmal") +
           person("bert.lehmann", "Lausitz-88", "zweimal") +
           person("dora.kuhn", "Oderbruch-9", "einmal");
}

// Minutes pass when a test says so, and who waits for them waits until then; what is shorter is
// over at once.
class told_pace final : public directory::pace {
public:
    time_point now() const noexcept override { return start_ + passed_.load(); }
    boost::asio::awaitable<void> until(time_point when) override {
        if (when - now() < 1min) {
            passed_ = passed_.load() + std::max(when - now(), 0ns);
            co_return;
        }
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
        waiting_.push_back(&timer);
        boost::system::error_code woken;
        while (now() < when) {
            timer.expires_at(time_point::max());
            co_await timer.async_wait(
                boost::asio::redirect_error(boost::asio::use_awaitable, woken));
        }
        std::erase(waiting_, &timer);
    }
    void turn(std::chrono::minutes by) {
        passed_ = passed_.load() + by;
        for (auto* one : waiting_) one->cancel();
    }

private:
    const time_point start_ = std::chrono::steady_clock::now();
    std::atomic<std::chrono::nanoseconds> passed_{0ns};
    std::vector<boost::asio::steady_timer*> waiting_;
};

// Two I/O threads with the same directories, as the service has them.
class two_threads {
public:
    explicit two_threads(const directory_settings& settings) {
        for (auto* one : {&first_, &second_})
            one->directories.take_members(
                {{member_slug("lebus"), settings}, {member_slug("seelow"), settings}});
    }

    directory::sign_in_failure refused(const std::string& user, const std::string& password) {
        auto answer = sign_in(user, password);
        REQUIRE_FALSE(answer.has_value());
        return answer.error();
    }
    result<identity, directory::sign_in_failure> sign_in(const std::string& user,
                                                         const std::string& password) {
        return ask<result<identity, directory::sign_in_failure>>(first_, [&](auto& directories) {
            return directories.sign_in(member_slug("lebus"), user,
                                       secret_string(std::string_view(password)), open_);
        });
    }
    // On the other thread.
    result<void, directory::password_change_failure> change(const std::string& user,
                                                            const std::string& before,
                                                            const std::string& after,
                                                            const std::string& connection,
                                                            const std::string& member = "lebus") {
        using answer = result<void, directory::password_change_failure>;
        return ask<answer>(second_, [&](auto& directories) {
            return directories.change_password(
                member_slug(member), user, secret_string(std::string_view(before)),
                secret_string(std::string_view(after)), connection, open_);
        });
    }
    void pass(std::chrono::minutes time) {
        time_that_passes_.turn(time);
        first_.io.restart();
        first_.io.poll();
    }
    [[nodiscard]] std::size_t kept() const { return shared_.kept.count(); }

private:
    struct io_thread {
        explicit io_thread(directory::federation& shared) : directories(io, shared) {}
        boost::asio::io_context io;
        directory::ldap_directories directories;
    };
    template <typename Answer, typename Question>
    Answer ask(io_thread& on, Question question) {
        std::optional<Answer> got;
        std::thread asking([&] {
            boost::asio::co_spawn(on.io, question(on.directories),
                                  [&](std::exception_ptr, Answer came) { got.emplace(came); });
            on.io.restart();
            while (!got) on.io.run_one();
        });
        asking.join();
        return *std::move(got);
    }

    system_clock time_;
    told_pace time_that_passes_;
    system_randomness random_;
    directory::open_gate open_;
    directory::federation shared_{time_, time_that_passes_, random_,
                                  directory::permitted_addresses::with_loopback()};
    io_thread first_{shared_};
    io_thread second_{shared_};
};

struct lebus {
    slapd server{base, entries(),
                 "access to attrs=userPassword by self write by anonymous auth\n"
                 "access to * by * read\noverlay ppolicy\n"};
    directory_settings settings() const {
        directory_settings s;
        s.urls = {server.url()};
        s.transport = directory_transport::plain;
        s.person_base = std::string("ou=people,") + base;
        s.group_base = s.person_base;
        return s;
    }
    // How often the person has signed in with the password that has expired.
    std::size_t used(const std::string& user) const {
        return ldap_admin(server.url(), server.admin_dn(), slapd::admin_password)
            .read("uid=" + user + ",ou=people," + base, "pwdGraceUseTime")
            .size();
    }
};

}  // namespace

TEST_CASE(
    "the last sign-in with an expired password changes it, on another thread, without a "
    "second one") {
    const lebus town;
    two_threads asked(town.settings());
    const auto last = asked.refused("anna.noack", "Spreewald-7");
    CHECK(last.error == sign_in_error::password_expired);
    CHECK(last.password_was_right);
    CHECK(last.may_change);
    REQUIRE(last.grace.has_value());
    CHECK(last.grace->left == 0);
    CHECK(town.used("anna.noack") == 1);
    REQUIRE(asked.kept() == 1);

    const auto done =
        asked.change("anna.noack", "Spreewald-7", "Neues-Wort-27", last.grace->connection);
    if (!done) FAIL(done.error().detail);
    CHECK(asked.kept() == 0);
    CHECK(asked.sign_in("anna.noack", "Neues-Wort-27").has_value());
    CHECK(asked.refused("anna.noack", "Spreewald-7").error == sign_in_error::wrong_credentials);
}

TEST_CASE("a server that is slow when the form comes back keeps the last sign-in good") {
    const lebus town;
    auto settings = town.settings();
    settings.failover_after = 2ms;  // whatever answers later than a third of it is held to be dead
    two_threads asked(settings);
    const auto last = asked.refused("anna.noack", "Spreewald-7").grace;
    REQUIRE(last.has_value());
    const auto done = asked.change("anna.noack", "Spreewald-7", "Neues-Wort-27", last->connection);
    if (!done) FAIL(done.error().detail);
    CHECK(asked.sign_in("anna.noack", "Neues-Wort-27").has_value());
}

TEST_CASE("a new password that is refused, or an old one mistyped, uses up no sign-in") {
    const lebus town;
    two_threads asked(town.settings());
    auto grace = asked.refused("anna.noack", "Spreewald-7").grace;
    REQUIRE(grace.has_value());
    const auto refused = [&](const std::string& before, const std::string& after) {
        const auto answer = asked.change("anna.noack", before, after, grace->connection);
        REQUIRE_FALSE(answer.has_value());
        const auto& why = answer.error();
        REQUIRE(why.grace.has_value());
        CHECK(why.grace->left == 0);
        CHECK(why.grace->connection != grace->connection);
        grace = why.grace;
        return why.error;
    };
    CHECK(refused("Spreewald-7", "kurz") == password_change_error::too_short);
    CHECK(refused("vertippt", "Neues-Wort-27") == password_change_error::wrong_credentials);
    CHECK(refused("Spreewald-7", "kurz") == password_change_error::too_short);
    CHECK(
        asked.change("anna.noack", "Spreewald-7", "Neues-Wort-27", grace->connection).has_value());
    CHECK(asked.sign_in("anna.noack", "Neues-Wort-27").has_value());
}

TEST_CASE("where the connection is gone, the truth: used up, or one sign-in less") {
    const lebus town;
    two_threads asked(town.settings());
    SUBCASE("after the last one nothing helps here") {
        REQUIRE(asked.refused("anna.noack", "Spreewald-7").grace.has_value());
        const auto late = asked.change("anna.noack", "Spreewald-7", "Neues-Wort-27", "vergessen");
        REQUIRE_FALSE(late.has_value());
        CHECK(late.error().error == password_change_error::used_up);
        CHECK_FALSE(late.error().grace.has_value());
    }
    SUBCASE("with one more left, that one changes it") {
        const auto first = asked.refused("bert.lehmann", "Lausitz-88").grace;
        REQUIRE(first.has_value());
        CHECK(first->left == 1);
        const auto refused = asked.change("bert.lehmann", "Lausitz-88", "kurz", "vergessen");
        REQUIRE(refused.error().grace.has_value());
        CHECK(refused.error().grace->left == 0);
        CHECK(town.used("bert.lehmann") == 2);
        const auto done = asked.change("bert.lehmann", "Lausitz-88", "Neues-Wort-27",
                                       refused.error().grace->connection);
        if (!done) FAIL(done.error().detail);
        CHECK(asked.sign_in("bert.lehmann", "Neues-Wort-27").has_value());
    }
}

TEST_CASE("a server that was started anew meanwhile has forgotten the connection") {
    lebus town;
    two_threads asked(town.settings());
    const auto grace = asked.refused("anna.noack", "Spreewald-7").grace;
    REQUIRE(grace.has_value());
    town.server.stop();
    town.server.start();
    const auto late = asked.change("anna.noack", "Spreewald-7", "Neues-Wort-27", grace->connection);
    REQUIRE_FALSE(late.has_value());
    CHECK(late.error().error == password_change_error::used_up);
}

TEST_CASE("a connection leads nobody else to a change, and nobody over another member") {
    const lebus town;
    two_threads asked(town.settings());
    const auto annas = asked.refused("anna.noack", "Spreewald-7").grace;
    const auto doras = asked.refused("dora.kuhn", "Oderbruch-9").grace;
    REQUIRE((annas && doras));
    CHECK(asked.kept() == 2);
    CHECK(asked.change("dora.kuhn", "Oderbruch-9", "Neues-Wort-27", annas->connection)
              .error()
              .error == password_change_error::used_up);
    CHECK(asked.change("dora.kuhn", "Oderbruch-9", "Neues-Wort-27", doras->connection, "seelow")
              .error()
              .error == password_change_error::used_up);
    CHECK(asked.kept() == 0);  // what was tried with the wrong name is closed
}

TEST_CASE("a connection that nobody comes back for is closed after its time") {
    const lebus town;
    two_threads asked(town.settings());
    const auto grace = asked.refused("anna.noack", "Spreewald-7").grace;
    REQUIRE(grace.has_value());
    asked.pass(9min);
    CHECK(asked.kept() == 1);
    asked.pass(2min);
    CHECK(asked.kept() == 0);
    CHECK(asked.change("anna.noack", "Spreewald-7", "Neues-Wort-27", grace->connection)
              .error()
              .error == password_change_error::used_up);
}

TEST_CASE("where passwords are not changed here, a grace sign-in is a sign-in") {
    const lebus town;
    auto settings = town.settings();
    settings.change_password = false;
    two_threads asked(settings);
    CHECK(asked.sign_in("anna.noack", "Spreewald-7").has_value());
    CHECK(asked.kept() == 0);
    CHECK(asked.refused("anna.noack", "Spreewald-7").error == sign_in_error::password_expired);
}
