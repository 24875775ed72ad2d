// Connections that something in between has forgotten without a word, and servers that hang.
#include "tests/contract/directory/layouts.hpp"
#include "tests/support/faulty_proxy.hpp"
#include "tests/support/scripted_directory.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <boost/asio/steady_timer.hpp>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

constexpr auto amt = "amt";

// As delivered, a third of everything.
directory_settings hastened(directory_settings settings) {
    settings.connect_timeout = 1000ms;
    settings.deadline = 1700ms;
    settings.failover_after = 500ms;
    settings.health_check = 60s;  // the person comes first
    return settings;
}

// Two servers, each behind what may forget its connections.
struct behind_firewalls {
    std::unique_ptr<slapd> first = make_server(every_layout().back());
    std::unique_ptr<slapd> second = make_server(every_layout().back());
    faulty_proxy to_first{first->port()};
    faulty_proxy to_second{second->port()};

    directory_settings one() const {
        auto s = hastened(settings_for(every_layout().back(), *first));
        s.urls = {to_first.url()};
        return s;
    }
    directory_settings both() const {
        auto s = one();
        s.urls.push_back(to_second.url());
        return s;
    }
};

bool signs_in(asked_directories& asked) {
    return asked.sign_in(amt, "mueller", "gleiches Kennwort").has_value();
}

// Until nothing was heard for so long that connections count as quiet.
void wait_until_quiet(asked_directories& asked) {
    const auto quiet_at = steady::now() + 400ms;
    asked.run_until_time(quiet_at);
}

}  // namespace

TEST_CASE(
    "connections that were forgotten while nobody came cost the first one nothing but a moment") {
    behind_firewalls servers;
    asked_directories asked({{member_slug(amt), servers.one()}});
    REQUIRE(signs_in(asked));
    const auto counters = asked.counters(amt).replica(servers.to_first.url());
    wait_until_quiet(asked);
    servers.to_first.forget_connections();
    const auto began = steady::now();
    CHECK(signs_in(asked));
    CHECK(steady::now() - began < 1000ms);
    // The server has done nothing wrong, and is not left alone for it.
    CHECK(counters->breakers_open == 0);
    CHECK(counters->failures[3] == 0);
    CHECK(asked.counters(amt).unavailable == 0);
}

TEST_CASE(
    "a password change after a silence goes over a connection that lives; a password is sent "
    "once") {
    behind_firewalls servers;
    asked_directories asked({{member_slug(amt), servers.one()}});
    REQUIRE(signs_in(asked));
    wait_until_quiet(asked);
    servers.to_first.forget_connections();
    CHECK(asked.change_password(amt, "mueller", "gleiches Kennwort", "Neues-Kennwort-26")
              .has_value());
    wait_until_quiet(asked);
    servers.to_first.forget_connections();
    CHECK(asked.sign_in(amt, "mueller", "Neues-Kennwort-26").has_value());
    // A wrong password is sent once, however quiet it was before.
    wait_until_quiet(asked);
    CHECK(asked.sign_in(amt, "mueller", "falsch").error().error ==
          directory::sign_in_error::wrong_credentials);
}

TEST_CASE("a search that takes long after a silence is waited for, not asked twice") {
    std::atomic<int> searches{0};
    const scripted_directory slow([&](const scripted_directory::request& asked) {
        using reply = scripted_directory::reply;
        if (asked.operation == 0x60) return reply{ber::bind_response(asked.id)};
        const bool for_a_person = asked.bytes.find("mueller") != std::string::npos;
        if (for_a_person) ++searches;
        // The search answers in the end; what is small is answered meanwhile.
        if (!for_a_person) return reply{ber::search_done(asked.id)};
        return reply{ber::search_entry(asked.id, "uid=mueller,dc=x", {{"cn", {"M"}}}), false, false,
                     true};
    });
    auto settings = hastened({});
    settings.transport = directory_transport::plain;
    settings.person_base = settings.group_base = "dc=x";
    settings.urls = {slow.url()};
    settings.deadline = settings.connect_timeout;
    asked_directories asked({{member_slug(amt), settings}});
    CHECK_FALSE(asked.look_up_by_name(amt, "mueller").has_value());
    CHECK(searches == 1);
    wait_until_quiet(asked);
    CHECK_FALSE(asked.look_up_by_name(amt, "mueller").has_value());
    CHECK(searches == 2);
}

TEST_CASE("everything forgotten, and the first server hangs: the next one within two failovers") {
    behind_firewalls servers;
    asked_directories asked({{member_slug(amt), servers.both()}});
    REQUIRE(signs_in(asked));
    wait_until_quiet(asked);
    servers.to_first.forget_connections();
    servers.to_second.forget_connections();
    servers.first->freeze();
    const auto began = steady::now();
    CHECK(signs_in(asked));
    CHECK(steady::now() - began < 1000ms);  // 3 s of the settings as delivered
    servers.first->thaw();
}

TEST_CASE("a server that hangs between search and bind is left with all its connections") {
    behind_firewalls servers;
    asked_directories asked({{member_slug(amt), servers.both()}});
    REQUIRE(signs_in(asked));
    const auto first = asked.counters(amt).replica(servers.to_first.url());
    servers.first->freeze();
    const auto began = steady::now();
    CHECK(signs_in(asked));
    CHECK(steady::now() - began < 1000ms);
    CHECK(first->breakers_open == 1);
    // Its idle bind connection is not used while another server works.
    const auto next = steady::now();
    CHECK(signs_in(asked));
    CHECK(steady::now() - next < 400ms);
    servers.first->thaw();
}
