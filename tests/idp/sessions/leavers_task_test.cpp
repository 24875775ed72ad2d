// Who of several nodes watches for leavers, and what the next one does.
#include "idp/sessions/leavers_task.hpp"

#include "directory/federation.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/audit_record.hpp"
#include "idp/store/store.hpp"
#include "idp/tasks/scheduler.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <memory>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;

namespace {

// A node on the store of the service under test. Its watch finds no server, and asks by polling:
// at its beginning, and at the interval of the settings.
struct node {
    node(test_idp& service, const std::string& name)
        : idp(service),
          scheduler(std::make_unique<idp::tasks::scheduler>(
              io, service.parts().memory, service.time, service.parts().log, name, 1h)),
          leavers(io, *scheduler, shared, service.directories, service.parts().memory, service.time,
                  service.parts().log) {
        directory_settings lebus;
        lebus.urls = {"ldap://127.0.0.1:1"};
        lebus.transport = directory_transport::plain;
        lebus.watch = leaver_watch::poll;
        leavers.take_members({{member_slug("lebus"), lebus}});
        scheduler->start({leavers.as_task()});
    }
    ~node() {
        scheduler->stop();
        leavers.stop();
        io.restart();
        io.run();
    }

    // Looks, and lets what came of it finish.
    void look() {
        scheduler->look();
        const auto limit = std::chrono::steady_clock::now() + 30s;
        while (scheduler->running() > 0) {
            REQUIRE(std::chrono::steady_clock::now() < limit);
            run_a_little();
        }
    }
    void run_a_little() {
        io.restart();
        io.run_one_for(20ms);
    }
    template <class Condition>
    void run_until(Condition condition) {
        const auto limit = std::chrono::steady_clock::now() + 30s;
        while (!condition()) {
            REQUIRE(std::chrono::steady_clock::now() < limit);
            run_a_little();
        }
    }
    [[nodiscard]] bool watches() const { return !leavers.watched().empty(); }

    test_idp& idp;
    boost::asio::io_context io{1};
    directory::federation shared{idp.time};
    std::unique_ptr<idp::tasks::scheduler> scheduler;
    idp::sessions::leavers_task leavers;
};

long long ends_recorded(test_idp& idp) {
    const auto all = idp.audit();
    return std::ranges::count_if(
        all, [](const auto& one) { return one.record.result == "left_the_directory"; });
}

}  // namespace

TEST_CASE("of two nodes one watches, and its leavers are out without a further look") {
    test_idp idp;
    (void)idp.tokens("groupware-web");
    node a(idp, "a");
    node b(idp, "b");
    idp.directories.of("lebus", "anna.noack").disabled = true;

    a.look();
    b.look();
    CHECK(a.watches());
    CHECK_FALSE(b.watches());
    a.run_until([&] { return ends_recorded(idp) > 0; });

    for (int second = 0; second < 90; ++second) {
        idp.time.turn(1s);
        a.look();
        b.look();
        CHECK_FALSE(b.watches());
    }
    CHECK(ends_recorded(idp) == 1);
    CHECK_FALSE(a.watches());  // nobody is signed in any more
}

TEST_CASE("the next node asks about everybody; the one that comes back lets go") {
    test_idp idp;
    const auto annas = idp.tokens("groupware-web");
    node a(idp, "a");
    node b(idp, "b");
    a.look();
    b.look();
    REQUIRE(a.watches());

    idp.directories.of("lebus", "anna.noack").disabled = true;  // and a is frozen
    idp.time.turn(61s);
    b.look();
    CHECK(b.watches());
    b.run_until([&] { return ends_recorded(idp) > 0; });
    CHECK(a.watches());
    a.look();

    CHECK_FALSE(a.watches());
    CHECK(ends_recorded(idp) == 1);
    CHECK(idp.refresh("groupware-web", annas.text("refresh_token")).error() == "invalid_grant");
}

TEST_CASE("a node that stops watches nobody") {
    test_idp idp;
    (void)idp.tokens("groupware-web");
    node a(idp, "a");
    a.look();
    REQUIRE(a.watches());

    a.scheduler->stop();

    CHECK_FALSE(a.watches());
}
