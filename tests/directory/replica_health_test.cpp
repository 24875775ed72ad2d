// Which server is asked, and when a broken one is tried again.
#include "directory/replica_health.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::directory;
using namespace std::chrono_literals;

namespace {

directory_settings three_servers(replica_order order) {
    directory_settings settings;
    settings.urls = {"ldaps://a", "ldaps://b", "ldaps://c"};
    settings.order = order;
    return settings;
}

using places = std::vector<std::size_t>;

}  // namespace

TEST_CASE("a server that failed is left alone until its back-off is over, then tried by one") {
    member_counters counters;
    replica_health health(three_servers(replica_order::in_order), counters, 1);
    steady_time now{1h};
    CHECK(health.candidates(now) == places{0, 1, 2});
    health.failed(0, failure_kind::connect, now);
    CHECK(health.state(0) == breaker_state::open);
    CHECK(health.candidates(now) == places{1, 2});
    CHECK(health.better_than(1, now) == 1);
    now += 1s;
    CHECK(health.candidates(now) == places{1, 2, 0});
    CHECK(health.better_than(1, now) == 0);
    health.attempt(0, now);
    CHECK(health.state(0) == breaker_state::half_open);
    CHECK(health.candidates(now) == places{1, 2});
    health.succeeded(0);
    CHECK(health.candidates(now) == places{0, 1, 2});
    CHECK(counters.replica("ldaps://a")->failures[0] == 1);
    CHECK(counters.replica("ldaps://a")->breakers_open == 0);
}

TEST_CASE("the back-off doubles to ten seconds; a mistake has none, since all threads know of it") {
    member_counters counters;
    replica_health health(three_servers(replica_order::in_order), counters, 1);
    steady_time now{1h};
    for (int i = 0; i < 20; ++i) {
        health.failed(0, failure_kind::timeout, now);
        CHECK_FALSE(health.better_than(1, now + 100ms) == 0);
        CHECK(health.better_than(1, now + 10s) == 0);
        now += 10s;
    }
    health.refused(0, true);
    CHECK(health.state(0) == breaker_state::open);
    CHECK(health.candidates(now) ==
          places{1, 2, 0});  // last, and whether it is asked is decided there
    CHECK(health.may_be_mended());
    CHECK_FALSE(health.is_usable(0, now));
    health.failed(1, failure_kind::lost, now);
    health.failed(2, failure_kind::lost, now);
    CHECK_FALSE(health.has_other(1, now));
    CHECK(health.is_usable(1, now));  // nobody else is there
    health.succeeded(0);
    CHECK_FALSE(health.may_be_mended());
}

TEST_CASE("balanced servers take turns, and only those that work") {
    member_counters counters;
    replica_health health(three_servers(replica_order::balanced), counters, 1);
    const steady_time now{1h};
    CHECK(health.candidates(now).front() == 0);
    CHECK(health.candidates(now).front() == 1);
    CHECK(health.candidates(now).front() == 2);
    health.failed(0, failure_kind::lost, now);
    CHECK(health.candidates(now).size() == 2);
    CHECK(health.has_other(1, now));
    health.failed(2, failure_kind::lost, now);
    CHECK_FALSE(health.has_other(1, now));
}
