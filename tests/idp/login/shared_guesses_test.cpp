#include "idp/login/shared_guesses.hpp"

#include "config/settings.hpp"
#include "idp/store/store.hpp"
#include "tests/idp/store/store_folder.hpp"
#include "tests/support/turned_clock.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>

using namespace kommpass;
using namespace std::chrono_literals;
using boost::asio::ip::make_address;
using directory::lockout_guard;
using idp::login::shared_guesses;
using idp::login::throttle;
using browser = lockout_guard::browser;
using turn = lockout_guard::turn;
using time_point = lockout_guard::time_point;

namespace {

const std::string anna = "lebus\nid\nanna";
const auto elsewhere = make_address("198.51.100.7");

// Several nodes over one store, by clocks that are turned by hand. Each tells once a second, and
// 20 ms after an attempt asked for a place.
class nodes {
public:
    explicit nodes(std::size_t count) : memory_(folder_.open()) {
        for (std::size_t i = 0; i < count; ++i) add();
    }
    struct node {
        node(idp::store::store& memory, const kommpass::clock& time, const std::string& name,
             time_point now)
            : guesses(settings, time, std::array<std::byte, 32>{}),
              guard(now - 24h),
              shared(
                  memory, guesses, guard, settings, time,
                  [](const std::string& account) { return account + "                "; }, name,
                  [this] { asked = true; }) {}
        config::throttle_settings settings{};
        throttle guesses;
        lockout_guard guard;
        bool asked = false;
        time_point tells_at{};
        shared_guesses shared;
    };

    node& add() {
        all.push_back(
            std::make_unique<node>(*memory_, time, "node " + std::to_string(all.size()), now));
        all.back()->tells_at = now;
        return *all.back();
    }
    void pass(std::chrono::milliseconds how_long) {
        for (const auto end = now + how_long; now < end; now += 10ms, time.turn(10ms)) {
            for (auto& one : all) {
                if (one->asked) one->tells_at = std::min(one->tells_at, now + 20ms);
                one->asked = false;
                if (now < one->tells_at) continue;
                CHECK(one->shared.exchange_now(now));
                one->tells_at = now + 1s;
            }
        }
    }
    // One attempt as `member_client` makes it: waits for its turn up to five seconds.
    bool let_through(node& at, lockout_guard::rule rule, browser from = browser::unknown) {
        for (const auto end = now + 5s; now < end;) {
            const auto verdict = at.guard.admit(anna, rule, from, now);
            if (verdict.turn != turn::later) return verdict.turn == turn::now;
            pass(10ms);
        }
        return false;
    }
    bool wrong(node& at, lockout_guard::rule rule, browser from = browser::unknown) {
        if (!let_through(at, rule, from)) return false;
        at.guard.failed(anna, from, now);
        return true;
    }

    tests::turned_clock time;
    time_point now{100h};
    std::vector<std::unique_ptr<node>> all;

private:
    tests::store_folder folder_;
    std::unique_ptr<idp::store::store> memory_;
};

}  // namespace

TEST_CASE("a wrong password counts at every node within a second") {
    nodes two(2);
    two.pass(4s);
    auto& a = *two.all[0];
    auto& b = *two.all[1];
    for (int i = 0; i < 4; ++i) a.guesses.failed("lebus\nanna", elsewhere);
    CHECK(a.guesses.wait_for("lebus\nanna") == 2s);
    two.pass(1100ms);
    CHECK(b.guesses.wait_for("lebus\nanna") > 0ms);

    // And a right one clears the account everywhere.
    b.guesses.succeeded("lebus\nanna", elsewhere);
    two.pass(1100ms);
    CHECK(a.guesses.wait_for("lebus\nanna") == 0ms);
}

TEST_CASE("who guesses at several nodes at once gains the free tries of each, once") {
    nodes three(3);
    three.pass(4s);
    int tried = 0;
    const auto end = three.now + 10min;
    while (three.now < end) {
        for (auto& node : three.all) {
            while (node->guesses.wait_for("lebus\nanna") == 0ms) {
                node->guesses.failed("lebus\nanna");
                ++tried;
            }
        }
        three.pass(100ms);
    }
    // One node: 4, and then one after 2, 4, 8, ... seconds: 12 in ten minutes.
    CHECK(tried >= 12);
    CHECK(tried <= 3 * 4 + 3);  // what decision 66 states
}

TEST_CASE("one node counts as it would alone") {
    nodes one(1);
    one.pass(1s);
    const lockout_guard::rule rule{10, 30min};
    auto& a = *one.all[0];
    std::size_t wrong = 0;
    for (int second = 0; second < 1800; ++second) {
        wrong += one.wrong(a, rule) ? 1 : 0;
        one.pass(990ms);
    }
    CHECK(wrong == directory::shares_of(10).anybodys);
}

TEST_CASE("passwords guessed at several nodes never reach the directory's threshold") {
    for (const std::size_t threshold : {2U, 3U, 5U, 10U}) {
        for (const std::size_t count : {2U, 3U, 5U}) {
            CAPTURE(threshold);
            CAPTURE(count);
            nodes all(count);
            all.pass(4s);
            const lockout_guard::rule rule{threshold, 30min};
            std::mt19937 chance(static_cast<unsigned>(threshold * 10 + count));
            // Attempts at all nodes side by side; each runs for up to a second and is wrong.
            struct running {
                nodes::node* at;
                time_point ends;
            };
            std::vector<running> under_way;
            std::size_t wrong = 0;
            for (int step = 0; step < 2000; ++step) {
                for (auto& node : all.all) {
                    const auto verdict = node->guard.admit(anna, rule, browser::unknown, all.now);
                    if (verdict.turn != turn::now) continue;
                    const auto lasts = std::chrono::milliseconds(10 + chance() % 1000);
                    under_way.push_back({node.get(), all.now + lasts});
                }
                std::erase_if(under_way, [&](const running& one) {
                    if (one.ends > all.now) return false;
                    one.at->guard.failed(anna, browser::unknown, all.now);
                    ++wrong;
                    return true;
                });
                all.pass(10ms);
            }
            CHECK(wrong + under_way.size() <= directory::shares_of(threshold).ours);
            CHECK(wrong >= 1);
        }
    }
}

TEST_CASE("a right password at one node clears what was counted at another") {
    nodes two(2);
    two.pass(4s);
    const lockout_guard::rule rule{10, 30min};
    auto& a = *two.all[0];
    auto& b = *two.all[1];
    CHECK(two.wrong(a, rule));
    CHECK(two.wrong(a, rule));
    two.pass(1100ms);
    REQUIRE(two.let_through(b, rule));
    b.guard.succeeded(anna);
    two.pass(1100ms);
    for (int i = 0; i < 3; ++i) CHECK(two.wrong(i == 1 ? b : a, rule));
}

TEST_CASE("a node that ends in the middle of an attempt leaves its place as a wrong password") {
    nodes two(2);
    two.pass(4s);
    const lockout_guard::rule rule{3, 30min};
    CHECK(two.wrong(*two.all[0], rule));
    REQUIRE(two.let_through(*two.all[0], rule));  // and is never heard of again
    two.all.erase(two.all.begin());
    two.pass(2s);
    CHECK_FALSE(two.wrong(*two.all[0], rule));
}

TEST_CASE("a node that comes later knows what was guessed before") {
    nodes two(2);
    two.pass(4s);
    const lockout_guard::rule rule{5, 30min};
    CHECK(two.wrong(*two.all[0], rule));
    CHECK(two.wrong(*two.all[1], rule));
    CHECK(two.wrong(*two.all[0], rule));
    auto& third = two.add();
    CHECK_FALSE(two.wrong(third, rule));
}

TEST_CASE("a node that hears nothing of the others lets nobody try") {
    nodes two(2);
    two.pass(4s);
    const lockout_guard::rule rule{10, 30min};
    auto& a = *two.all[0];
    CHECK(a.guard.admit(anna, rule, browser::unknown, two.now + 3s).turn == turn::later);
}
