// Leavers are told of by the directory itself, whatever the vendor's way.
#include "directory/account_watch.hpp"
#include "tests/contract/directory/layouts.hpp"
#include "tests/contract/directory/vendors.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using directory::account_change;
using directory::account_watch;
using directory::watch_state;

namespace {

// One member's watch with nothing but what is pushed: polling is set to its longest.
class watched_directory {
public:
    explicit watched_directory(directory_settings settings) : settings_(std::move(settings)) {
        settings_.poll_interval = 15min;
        directories_.take_members({{amt, settings_}});
        watch_.watch({{amt, settings_}});
        run_until([&] { return watch_.states().at(amt) != watch_state::connecting; });
    }
    ~watched_directory() {
        watch_.stop();
        directories_.stop();
        io_.restart();
        io_.poll();
    }

    [[nodiscard]] watch_state state() const { return watch_.states().at(amt); }

    directory_id sign_in(const std::string& user, const std::string& password) {
        std::optional<sign_in_answer> came;
        directory::open_gate open;
        boost::asio::co_spawn(
            io_, directories_.sign_in(amt, user, secret_string(std::string_view(password)), open),
            [&](std::exception_ptr, sign_in_answer answer) { came.emplace(std::move(answer)); });
        run_until([&] { return came.has_value(); });
        if (!*came) FAIL(came->error().detail);
        return (*came)->id;
    }

    // Goes on until a change was told after which the directory says that the person is gone.
    std::chrono::milliseconds until_gone(const directory_id& id) {
        const auto began = std::chrono::steady_clock::now();
        bool gone = false;
        while (!gone) {
            run_until([&] { return !told_.empty(); });
            const bool means_them = std::any_of(told_.begin(), told_.end(), [&](const auto& one) {
                return one.ids.empty() ||
                       std::find(one.ids.begin(), one.ids.end(), id) != one.ids.end();
            });
            told_.clear();
            if (means_them) gone = is_gone(id);
        }
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - began);
    }
    void forget() {
        io_.restart();
        io_.poll();
        told_.clear();
    }

private:
    using standings = result<directory::account_standings, directory::look_up_failure>;
    bool is_gone(const directory_id& id) {
        std::optional<standings> came;
        boost::asio::co_spawn(
            io_, directories_.check_accounts(amt, {id}),
            [&](std::exception_ptr, standings answer) { came.emplace(std::move(answer)); });
        run_until([&] { return came.has_value(); });
        return *came && !(*came)->gone.empty();
    }
    template <class Condition>
    void run_until(Condition done) {
        io_.restart();
        while (!done()) io_.run_one();
    }

    const member_slug amt{"amt"};
    directory_settings settings_;
    system_clock time_;
    directory::federation shared_{time_, directory::permitted_addresses::with_loopback()};
    boost::asio::io_context io_;
    std::vector<account_change> told_;
    directory::ldap_directories directories_{io_, shared_};
    account_watch watch_{io_, shared_, [this](const account_change& one) { told_.push_back(one); }};
};

}  // namespace

TEST_CASE("every vendor pushes: who is disabled, moved out of the tree or deleted is told of") {
    for (const auto& vendor : every_vendor()) {
        auto& server = vendor();
        CAPTURE(server.name());
        const auto admin = server.admin();
        const auto rdn_of = [](const std::string& dn) { return dn.substr(0, dn.find(',')); };
        watched_directory watched(server.settings());
        REQUIRE(watched.state() == watch_state::pushed);

        const auto moved = watched.sign_in("weg.umzug", "Wechsel-26");
        watched.forget();
        const auto dn = server.dn_of("weg.umzug");
        admin->rename(dn, rdn_of(dn), server.elsewhere());
        MESSAGE(server.name(), ": moved, told after ms: ", watched.until_gone(moved).count());

        const auto disabled = watched.sign_in("weg.gesperrt", "Wechsel-26");
        watched.forget();
        server.disable("weg.gesperrt");
        MESSAGE(server.name(), ": disabled, told after ms: ", watched.until_gone(disabled).count());

        const auto deleted = watched.sign_in("weg.entfernt", "Wechsel-26");
        watched.forget();
        admin->remove(server.dn_of("weg.entfernt"));
        MESSAGE(server.name(), ": deleted, told after ms: ", watched.until_gone(deleted).count());
    }
}

TEST_CASE("a watch goes on by itself after the server was away") {
    auto& server = openldap_server();
    const auto admin = server.admin();
    watched_directory watched(server.settings());
    const auto id = watched.sign_in("weg.spaeter", "Wechsel-26");
    server.stop();
    server.start();
    watched.forget();
    server.disable("weg.spaeter");
    watched.until_gone(id);
    CHECK(watched.state() != watch_state::polled);
}

TEST_CASE("a server that pushes nothing is polled") {
    const auto& layout = every_layout().back();  // its slapd has no syncprov
    const auto server = make_server(layout);
    watched_directory watched(settings_for(layout, *server));
    CHECK(watched.state() == watch_state::polled);
}
