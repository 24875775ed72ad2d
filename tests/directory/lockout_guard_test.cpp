#include "directory/lockout_guard.hpp"

#include <doctest/doctest.h>

using namespace kommpass::directory;
using namespace std::chrono_literals;
using browser = lockout_guard::browser;
using turn = lockout_guard::turn;

namespace {

// Wrong passwords for one account, one after the other, by a clock that is turned by hand.
struct guesses {
    lockout_guard guard;
    lockout_guard::rule rule{10, 30min};
    lockout_guard::time_point now{5h};

    bool wrong(browser from = browser::unknown) {
        if (guard.admit("anna", rule, from, now).turn != turn::now) return false;
        guard.failed("anna", from, now);
        return true;
    }
    bool right(browser from = browser::unknown) {
        if (guard.admit("anna", rule, from, now).turn != turn::now) return false;
        guard.succeeded("anna");
        return true;
    }
    std::chrono::milliseconds wait(browser from = browser::unknown) {
        const auto verdict = guard.admit("anna", rule, from, now);
        if (verdict.turn == turn::now) guard.withdrawn("anna");
        return verdict.wait;
    }
    // As often as the guard lets, for so long.
    std::size_t reached(std::chrono::seconds during, browser from = browser::unknown) {
        std::size_t count = 0;
        for (const auto end = now + during; now < end; now += 1s) count += wrong(from) ? 1 : 0;
        return count;
    }
};

}  // namespace

TEST_CASE("our share is below every threshold, and leaves some for the person's own machine") {
    for (std::size_t threshold = 2; threshold <= 100; ++threshold) {
        const auto shares = shares_of(threshold);
        CHECK(shares.ours < threshold);
        CHECK(shares.anybodys >= 1);
        CHECK(shares.anybodys <= shares.ours);
        if (threshold >= 4) CHECK(shares.anybodys < shares.ours);
        if (threshold >= 3) CHECK(shares.anybodys >= 2);  // two typing errors
    }
    CHECK(shares_of(10).ours == 7);
    CHECK(shares_of(10).anybodys == 5);
    CHECK(shares_of(5).ours == 4);
    CHECK(shares_of(5).anybodys == 3);
}

TEST_CASE("our lock-out comes before the directory's, and ends with its window") {
    guesses at;
    CHECK(at.reached(30min) == 5);
    CHECK(at.wait() > 5min);
    CHECK(at.guard.admit("bert", at.rule, browser::unknown, at.now).turn == turn::now);
    at.now += 30min;
    CHECK(at.wrong());
}

TEST_CASE("guessing all day keeps below the threshold in every window") {
    guesses at;
    std::size_t in_this_window = 0;
    auto began = at.now;
    for (const auto end = at.now + 24h; at.now < end; at.now += 1s) {
        if (at.now - began >= at.rule.window) {
            began = at.now;
            in_this_window = 0;
        }
        const auto known = at.now.time_since_epoch().count() % 3 == 0;
        in_this_window += at.wrong(known ? browser::known : browser::unknown) ? 1 : 0;
        REQUIRE(in_this_window < at.rule.threshold);
    }
}

TEST_CASE("two typing errors cost no waiting; after the third the wait grows, up to the window") {
    guesses at;
    CHECK(at.wrong());
    CHECK(at.wrong());
    CHECK(at.right());
    CHECK(at.wrong());
    CHECK(at.wrong());
    CHECK(at.wrong());
    CHECK(at.wait() == 112500ms);
    at.now += 112500ms;
    CHECK(at.wrong());
    CHECK(at.wait() == 450s);
    at.now += 450s;
    CHECK(at.wrong());
    CHECK(at.wait() == 30min);
}

TEST_CASE("with a threshold of five, two typing errors and the right password pass at once") {
    guesses at;
    at.rule.threshold = 5;
    CHECK(at.wrong());
    CHECK(at.wrong());
    CHECK(at.right());
}

TEST_CASE("a browser that knows the person has an allowance that strangers cannot use up") {
    for (const std::size_t threshold : {4, 5, 10, 20}) {
        CAPTURE(threshold);
        guesses at;
        at.rule.threshold = threshold;
        const auto strangers = at.reached(2h);
        CHECK(strangers >= shares_of(threshold).anybodys);
        CHECK(at.wait() > 0ms);
        CHECK(at.wait(browser::known) == 0ms);
        CHECK(at.wrong(browser::known));
        at.now += 30min;
        CHECK(at.reached(30min) == shares_of(threshold).anybodys);
        CHECK(at.right(browser::known));
    }
}

TEST_CASE("strangers and known browsers together keep below the threshold") {
    for (const std::size_t threshold : {2, 3, 4, 5, 10}) {
        CAPTURE(threshold);
        guesses at;
        at.rule.threshold = threshold;
        std::size_t reached = 0;
        for (const auto end = at.now + 30min; at.now < end; at.now += 1s) {
            reached += at.wrong() ? 1 : 0;
            reached += at.wrong(browser::known) ? 1 : 0;
        }
        CHECK(reached == shares_of(threshold).ours);
        CHECK(reached < threshold);
    }
}

TEST_CASE("attempts that run are neither right nor wrong: three at once all pass, if right") {
    guesses at;
    at.rule.threshold = 5;
    for (int i = 0; i < 3; ++i)
        CHECK(at.guard.admit("anna", at.rule, browser::unknown, at.now).turn == turn::now);
    // More could be wrong together: they wait for their turn, and are not refused.
    CHECK(at.guard.admit("anna", at.rule, browser::unknown, at.now).turn == turn::later);
    for (int i = 0; i < 3; ++i) at.guard.succeeded("anna");
    CHECK(at.right());
}

TEST_CASE("a burst of wrong ones gets no further than one after the other would") {
    guesses at;
    std::size_t running = 0;
    for (int i = 0; i < 100; ++i) {
        if (at.guard.admit("anna", at.rule, browser::unknown, at.now).turn == turn::now) ++running;
    }
    CHECK(running == 3);
    for (std::size_t i = 0; i < running; ++i) at.guard.failed("anna", browser::unknown, at.now);
    CHECK(at.guard.admit("anna", at.rule, browser::unknown, at.now).turn == turn::never);
    at.now += 112500ms;
    CHECK(at.guard.admit("anna", at.rule, browser::unknown, at.now).turn == turn::now);
    CHECK(at.guard.admit("anna", at.rule, browser::unknown, at.now).turn == turn::later);
}

TEST_CASE("a restart gives no guesses back: the directory's own count is where it goes on") {
    const lockout_guard::rule rule{10, 30min};
    const lockout_guard::time_point start{5h};
    lockout_guard guard(start);
    const auto asks = [&](const char* account, std::size_t counted, browser from, auto at) {
        return guard.admit(account, rule, from, at, counted).turn;
    };
    CHECK(asks("anna", 5, browser::unknown, start + 1s) == turn::never);
    CHECK(asks("anna", 5, browser::known, start + 1s) == turn::now);
    CHECK(asks("bert", 3, browser::unknown, start + 1s) == turn::never);  // the wait grows
    CHECK(asks("cara", 2, browser::unknown, start + 1s) == turn::now);
    CHECK(asks("dora", 9, browser::known, start + 1s) == turn::never);
    CHECK(asks("anna", 5, browser::unknown, start + 1s + 30min) == turn::now);
    // Once all that a process before this one did is over, others' guessing elsewhere is not ours.
    CHECK(asks("emil", 9, browser::unknown, start + 30min) == turn::now);
}

TEST_CASE("a right password clears the count, and what was never judged does not count") {
    guesses at;
    at.rule.threshold = 3;
    for (int i = 0; i < 10; ++i) CHECK(at.wait() == 0ms);
    CHECK(at.wrong());
    CHECK(at.wrong());
    CHECK(at.wait() > 0ms);
    at.guard.succeeded("anna");
    CHECK(at.wait() == 0ms);
    at.rule = {0, 0s};
    for (int i = 0; i < 1000; ++i) CHECK(at.wrong());
}
