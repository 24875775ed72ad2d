// What one administrator, or one member's, does at once takes nothing from anybody else.
#include "idp/admin/actor.hpp"
#include "idp/admin/job_results.hpp"
#include "idp/admin/jobs.hpp"
#include "idp/admin/process_state.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/under_way.hpp"
#include "idp/admin/waiting_work.hpp"
#include "idp/http/method.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace kommpass;
using namespace kommpass::tests;
using idp::admin::actor;
using idp::admin::jobs;
using idp::admin::operation;
using idp::admin::under_way;
using idp::http::method;

namespace {

// Whoever sets a member up, as its administrators do.
actor of(const char* member, int number) {
    return actor::of_invitation("invitation:" + std::string(member) + std::to_string(number),
                                member_slug(member));
}

idp::admin::job_order set_up_of(const char* member) {
    return {"set-up-test", operation::set_up_directory, member_slug(member)};
}

void end(idp::admin::job& one) {
    finish(one, idp::admin::refusal{idp::admin::refusal::reason::unavailable, "cancelled", {}, {}});
}

struct office {
    turned_clock time;
    system_randomness random;
    jobs all{random, time};
};

}  // namespace

TEST_CASE("two hundred jobs of one member leave the others their own") {
    office scene;
    int begun = 0;
    for (int who = 0; who < 50; ++who) {
        for (int i = 0; i < 4; ++i)
            begun += scene.all.begin(of("lebus", who), set_up_of("lebus")) != nullptr ? 1 : 0;
    }
    CHECK(begun == static_cast<int>(jobs::most_running_of_member));
    CHECK(scene.all.begin(of("cottbus", 1), set_up_of("cottbus")) != nullptr);
    const auto host = actor::of_host("host:root");
    CHECK(scene.all.begin(host, {"audit-verification", operation::verify_audit, {}}) != nullptr);
}

TEST_CASE("one administrator runs four, and takes the fifth from nobody of the same member") {
    office scene;
    std::vector<std::shared_ptr<idp::admin::job>> running;
    for (std::size_t i = 0; i < jobs::most_running_of_actor; ++i)
        running.push_back(scene.all.begin(of("lebus", 1), set_up_of("lebus")));
    CHECK(scene.all.begin(of("lebus", 1), set_up_of("lebus")) == nullptr);
    CHECK(scene.all.begin(of("lebus", 2), set_up_of("lebus")) != nullptr);
    end(*running.front());
    CHECK(scene.all.begin(of("lebus", 1), set_up_of("lebus")) != nullptr);
}

TEST_CASE("of what has ended the oldest goes, and only one's own") {
    office scene;
    const auto others = scene.all.begin(of("cottbus", 1), set_up_of("cottbus"));
    end(*others);
    const auto first = scene.all.begin(of("lebus", 1), set_up_of("lebus"));
    end(*first);
    for (int i = 0; i < 200; ++i) {
        scene.time.turn(std::chrono::seconds(1));
        const auto next = scene.all.begin(of("lebus", 1), set_up_of("lebus"));
        REQUIRE(next != nullptr);
        end(*next);
        if (i == 199) CHECK(scene.all.find(of("lebus", 1), next->id) == next);
    }
    CHECK(scene.all.find(of("lebus", 1), first->id) == nullptr);
    CHECK(scene.all.find(of("cottbus", 1), others->id) == others);
}

TEST_CASE("a result is shown to who began it, and for as long as they hold the right") {
    office scene;
    const auto mine = scene.all.begin(of("lebus", 1), set_up_of("lebus"));
    CHECK(scene.all.find(of("lebus", 1), mine->id) == mine);
    CHECK(scene.all.find(of("lebus", 2), mine->id) == nullptr);
    // The same person, whose right is over another member now.
    CHECK(scene.all.find(actor::of_invitation("invitation:lebus1", member_slug("cottbus")),
                         mine->id) == nullptr);
}

TEST_CASE("requests under way are counted for each administrator and each member, and given back") {
    under_way all;
    std::vector<under_way::place> places;
    for (std::size_t i = 0; i < under_way::most_of_actor; ++i) {
        auto one = all.enter(of("lebus", 1));
        REQUIRE(one.has_value());
        places.push_back(std::move(*one));
    }
    CHECK_FALSE(all.enter(of("lebus", 1)).has_value());
    CHECK(all.enter(of("lebus", 2)).has_value());
    for (int who = 2; who < 40; ++who) {
        for (int i = 0; i < 2; ++i) {
            if (auto one = all.enter(of("lebus", who))) places.push_back(std::move(*one));
        }
    }
    CHECK(places.size() == under_way::most_of_member);
    CHECK_FALSE(all.enter(of("lebus", 99)).has_value());
    CHECK(all.enter(of("cottbus", 1)).has_value());
    places.clear();
    CHECK(all.enter(of("lebus", 1)).has_value());
}

TEST_CASE("what waits for a second person is bounded for who asks, and not for the next member") {
    test_idp idp;
    idp.change_registry([](policies::registry& r) { add_administration(r); });
    std::map<std::string, std::string> tokens;
    for (const std::string member : {"lebus", "cottbus"}) {
        add_administrator(idp, member, "admin", {"mandantenadmin"});
        tokens[member] = api_token(idp, member, "admin");
    }
    const auto ask = [&](const std::string& member, int number) {
        const auto id = "P-" + member + std::to_string(number);
        const auto made = idp.parts().memory.write_now([&](idp::store::transaction& t) {
            (void)t.persons().ensure(member_slug(member), directory_id("entry-" + id),
                                     person_id(id), idp.time.now());
        });
        REQUIRE(made.has_value());
        return api(idp, tokens[member], method::post, "/grants",
                   R"({"member":")" + member + R"(","person":")" + id +
                       R"(","role":"groupware.betrieb","reason":"Probe"})");
    };
    for (std::size_t i = 0; i < idp::admin::most_waiting_of_administrator; ++i)
        REQUIRE(ask("lebus", static_cast<int>(i)).status() == 201);
    const auto refused = ask("lebus", 1000);
    CHECK(refused.status() == 422);
    CHECK(refused.text("code") == "too_much_waits");
    CHECK(ask("cottbus", 1).status() == 201);
    // What is taken back makes room.
    const auto first = std::string(idp.parts().registry.get()->documents().grants.begin()->first);
    const bool own = idp.parts().registry.get()->documents().grants.begin()->second.member ==
                     member_slug("lebus");
    if (own) {
        CHECK(api(idp, tokens["lebus"], method::delete_, "/grants/" + first + "?why=doch+nicht")
                  .status() == 200);
        CHECK(ask("lebus", 1001).status() == 201);
    }
}

TEST_CASE("the API refuses what is too much at once, and serves the others") {
    test_idp idp;
    idp.change_registry([](policies::registry& r) { add_administration(r); });
    add_administrator(idp, "lebus", "admin", {"mandantenadmin"});
    add_administrator(idp, "cottbus", "other", {"mandantenadmin"});
    const auto mine = api_token(idp, "lebus", "admin");
    const auto theirs = api_token(idp, "cottbus", "other");
    std::vector<under_way::place> busy;
    for (int who = 0; busy.size() < under_way::most_of_member; ++who) {
        if (auto one = idp.parts().state.requests.enter(of("lebus", who)))
            busy.push_back(std::move(*one));
    }
    const auto refused = api(idp, mine, method::get, "/overview");
    CHECK(refused.status() == 503);
    CHECK(refused.text("code") == "too_many_at_once");
    CHECK(api(idp, theirs, method::get, "/overview").status() == 200);
    busy.clear();
    CHECK(api(idp, mine, method::get, "/overview").status() == 200);
}
