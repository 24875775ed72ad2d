// What happens to the sessions and tokens of persons whose directory says that they have left.
#include "idp/sessions/leavers.hpp"

#include "directory/federation.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/audit_record.hpp"
#include "idp/store/leases.hpp"
#include "idp/store/outbox.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/tasks/scheduler.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>
#include <boost/asio/io_context.hpp>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

using idp::sessions::leavers;

// Takes the lease for this node, and gives its fence.
std::optional<long long> take_lease(test_idp& idp, const std::string& node) {
    std::optional<long long> fence;
    const auto take = [&](idp::store::transaction& t) {
        const auto now = idp.time.now();
        fence = t.leases().take(idp::tasks::lease_name(leavers::lease_task), node, now,
                                now + std::chrono::minutes(1));
    };
    REQUIRE(idp.parts().memory.write_now(take));
    return fence;
}

// The leavers of a node that thinks that it has the lease with this fence.
struct watching_node {
    test_idp& idp;
    std::optional<long long> fence;
    boost::asio::io_context io{};
    leavers under_test{io,       idp.directories, idp.parts().memory,
                       idp.time, idp.parts().log, [this] { return fence; }};

    void tell(const directory::account_change& change) {
        under_test.take(change);
        finish();
    }
    void finish() {
        io.restart();
        io.run();
    }
};

// Tells the leavers of the service under test about a change, and lets them finish.
void tell(test_idp& idp, const directory::account_change& change) {
    watching_node node{idp, take_lease(idp, "the only node")};
    node.tell(change);
}

long long ends_recorded(test_idp& idp) {
    const auto all = idp.audit();
    return std::ranges::count_if(
        all, [](const auto& one) { return one.record.result == "left_the_directory"; });
}

long long ends_to_be_told(test_idp& idp) {
    long long waiting = 0;
    const auto count = [&](idp::store::transaction& t) {
        for (const auto& one : t.outbox().counts()) waiting += one.waiting;
    };
    REQUIRE(idp.parts().memory.read_now(count));
    return waiting;
}

const directory_id& id_of(test_idp& idp, const std::string& user) {
    return idp.directories.of("lebus", user).who.id;
}

}  // namespace

TEST_CASE("a disabled person loses every session and refresh token, others keep theirs") {
    test_idp idp;
    const auto annas = idp.tokens("groupware-web", {{"scope", "openid offline_access"}});
    REQUIRE(annas.status() == 200);
    idp.forget_cookies();
    idp.directories.add("lebus", "bert", "Kennwort-3").who.groups =
        idp.directories.of("lebus", "anna.noack").who.groups;
    const auto berts =
        idp.redeem("groupware-web", idp.sign_in("groupware-web", "bert", "Kennwort-3"));
    REQUIRE(berts.status() == 200);

    idp.directories.of("lebus", "anna.noack").disabled = true;
    tell(idp, {member_slug("lebus"), {id_of(idp, "anna.noack")}});

    idp.directories.of("lebus", "anna.noack").disabled = false;  // what has ended stays ended
    CHECK(idp.refresh("groupware-web", annas.text("refresh_token")).error() == "invalid_grant");
    CHECK(idp.refresh("groupware-web", berts.text("refresh_token")).status() == 200);
    bool recorded = false;
    for (const auto& line : idp.audit()) {
        if (line.record.result == "left_the_directory") recorded = true;
    }
    CHECK(recorded);
}

TEST_CASE("any may have changed: everybody who is signed in is asked about") {
    test_idp idp;
    const auto annas = idp.tokens("groupware-web");
    idp.directories.remove("lebus", "anna.noack");
    tell(idp, {member_slug("lebus"), {}});
    CHECK(idp.refresh("groupware-web", annas.text("refresh_token")).error() == "invalid_grant");
}

TEST_CASE("a change of somebody who is not signed in asks nothing") {
    test_idp idp;
    (void)idp.tokens("groupware-web");
    const auto asked = idp.directories.look_ups;
    tell(idp, {member_slug("lebus"), {directory_id("somebody-else")}});
    tell(idp, {member_slug("cottbus"), {}});
    CHECK(idp.directories.look_ups == asked);
}

TEST_CASE("a directory that cannot be asked ends nobody's session") {
    test_idp idp;
    const auto annas = idp.tokens("groupware-web");
    idp.directories.set_reachable("lebus", false);
    tell(idp, {member_slug("lebus"), {}});
    CHECK(idp.refresh("groupware-web", annas.text("refresh_token")).status() == 200);
}

TEST_CASE("two nodes that saw the same leaver record the end once") {
    test_idp idp;
    (void)idp.tokens("groupware-web");
    idp.directories.of("lebus", "anna.noack").disabled = true;
    const auto fence = take_lease(idp, "one node");
    watching_node a{idp, fence};
    watching_node b{idp, fence};

    a.under_test.take({member_slug("lebus"), {}});
    b.under_test.take({member_slug("lebus"), {}});
    a.io.poll();  // both have asked before either has written
    b.io.poll();
    a.finish();
    b.finish();
    b.tell({member_slug("lebus"), {id_of(idp, "anna.noack")}});

    CHECK(ends_recorded(idp) == 1);
    CHECK(ends_to_be_told(idp) == 1);
}

TEST_CASE("a node whose lease has gone to another writes no end that it has seen") {
    test_idp idp;
    const auto annas = idp.tokens("groupware-web");
    idp.directories.of("lebus", "anna.noack").disabled = true;
    watching_node frozen{idp, take_lease(idp, "a")};
    idp.time.turn(std::chrono::minutes(2));
    watching_node current{idp, take_lease(idp, "b")};
    REQUIRE(current.fence != frozen.fence);

    frozen.tell({member_slug("lebus"), {}});
    CHECK(ends_recorded(idp) == 0);
    current.tell({member_slug("lebus"), {}});
    CHECK(ends_recorded(idp) == 1);
    CHECK(idp.refresh("groupware-web", annas.text("refresh_token")).error() == "invalid_grant");
}

TEST_CASE("an end that could not be written is written when the lease is there again") {
    test_idp idp;
    (void)idp.tokens("groupware-web");
    idp.directories.of("lebus", "anna.noack").disabled = true;
    watching_node node{idp, std::nullopt};
    node.tell({member_slug("lebus"), {id_of(idp, "anna.noack")}});
    CHECK(ends_recorded(idp) == 0);

    node.fence = take_lease(idp, "a");
    node.under_test.try_again();
    node.finish();

    CHECK(ends_recorded(idp) == 1);
    node.under_test.try_again();
    node.finish();
    CHECK(ends_recorded(idp) == 1);
}

TEST_CASE("a person that is tied to another entry keeps id, session and tokens") {
    test_idp idp;
    const auto before = idp.tokens("groupware-web");
    const auto subject = test_idp::payload(before.text("id_token")).at("sub");
    auto& anna = idp.directories.of("lebus", "anna.noack").who;
    const auto old_id = anna.id;
    anna.id = directory_id("entry-of-the-new-directory");
    const auto done = idp.parts().memory.write_now([&](idp::store::transaction& t) {
        const auto person = t.persons().find(member_slug("lebus"), old_id);
        REQUIRE(person.has_value());
        CHECK(t.persons().retie(person->id, anna.id));
        CHECK_FALSE(t.persons().find(member_slug("lebus"), old_id));
    });
    REQUIRE(done.has_value());
    tell(idp, {member_slug("lebus"), {}});
    CHECK(idp.refresh("groupware-web", before.text("refresh_token")).status() == 200);
    idp.forget_cookies();
    const auto after = idp.tokens("groupware-web");
    CHECK(test_idp::payload(after.text("id_token")).at("sub") == subject);
}
