// Several servers for one member: which one is asked, and how quickly another takes over.
#include "tests/contract/directory/layouts.hpp"
#include "tests/support/scripted_directory.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;

namespace {

constexpr auto amt = "amt";

struct pair_of_servers {
    std::unique_ptr<slapd> first = make_server(every_layout().back());
    std::unique_ptr<slapd> second = make_server(every_layout().back());

    directory_settings settings() const {
        auto s = settings_for(every_layout().back(), *first);
        s.urls.push_back(second->url());
        s.failover_after = 300ms;
        s.deadline = 3000ms;
        s.health_check = 1000ms;
        return s;
    }
};

bool signs_in(asked_directories& asked) {
    return asked.sign_in(amt, "mueller", "gleiches Kennwort").has_value();
}

std::uint64_t binds_at(asked_directories& asked, const std::string& url) {
    const auto counters = asked.counters(amt).replica(url);
    std::uint64_t all = 0;
    for (std::size_t i = 0; i <= directory::latency_histogram::bounds.size(); ++i)
        all += counters->binds.count_in(i);
    return all;
}

}  // namespace

TEST_CASE("a server that hangs in the middle is given up for another within the same sign-in") {
    pair_of_servers servers;
    asked_directories asked({{member_slug(amt), servers.settings()}});
    REQUIRE(signs_in(asked));
    servers.first->freeze();
    CHECK(signs_in(asked));
    CHECK(binds_at(asked, servers.second->url()) == 1);
    CHECK(asked.counters(amt).replica(servers.first->url())->breakers_open == 1);
    // Those who come next do not wait for the one that hangs.
    const auto before = asked.counters(amt).replica(servers.first->url())->failures[3].load();
    for (int i = 0; i < 5; ++i) CHECK(signs_in(asked));
    CHECK(asked.counters(amt).replica(servers.first->url())->failures[3].load() <= before + 1);
    servers.first->thaw();
}

TEST_CASE("a server that is the better one takes over again once it is back") {
    pair_of_servers servers;
    asked_directories asked({{member_slug(amt), servers.settings()}});
    REQUIRE(signs_in(asked));
    servers.first->stop();
    REQUIRE(signs_in(asked));
    REQUIRE(binds_at(asked, servers.second->url()) == 1);
    servers.first->start();
    const auto first = asked.counters(amt).replica(servers.first->url());
    // Its own looking after, once a second, brings it back; nobody's sign-in has to.
    asked.run_until([&] { return first->breakers_open == 0 && first->connections >= 2; });
    const auto before = binds_at(asked, servers.first->url());
    CHECK(signs_in(asked));
    CHECK(binds_at(asked, servers.first->url()) == before + 1);
}

TEST_CASE("balanced servers share the work, and the one that is left does all of it") {
    pair_of_servers servers;
    auto settings = servers.settings();
    settings.order = replica_order::balanced;
    settings.search_connections = 2;
    asked_directories asked({{member_slug(amt), settings}});
    // Side by side, since one after the other is served by one connection.
    asked.sign_in_side_by_side(amt, "mueller", "gleiches Kennwort", 40);
    CHECK(binds_at(asked, servers.first->url()) > 0);
    CHECK(binds_at(asked, servers.second->url()) > 0);
    servers.first->stop();
    for (int i = 0; i < 5; ++i) CHECK(signs_in(asked));
}

TEST_CASE("connections that a firewall has cut are found by the health check, not by a person") {
    pair_of_servers servers;
    auto settings = servers.settings();
    settings.urls.pop_back();
    asked_directories asked({{member_slug(amt), settings}});
    REQUIRE(signs_in(asked));
    const auto counters = asked.counters(amt).replica(servers.first->url());
    REQUIRE(counters->connections >= 2);
    servers.first->freeze();  // as silent as a firewall that drops
    asked.run_until([&] { return counters->connections == 0; });
    servers.first->thaw();
    asked.run_until([&] { return signs_in(asked); });
}

TEST_CASE("a server that says it is busy is left for another") {
    const auto good = make_server(every_layout().back());
    const scripted_directory busy([](const scripted_directory::request& asked) {
        return asked.operation == 0x60 ? scripted_directory::reply{ber::bind_response(asked.id)}
                                       : scripted_directory::reply{ber::search_done(asked.id, 51)};
    });
    auto settings = settings_for(every_layout().back(), *good);
    settings.urls.insert(settings.urls.begin(), busy.url());
    asked_directories asked({{member_slug(amt), settings}});
    CHECK(signs_in(asked));
}
