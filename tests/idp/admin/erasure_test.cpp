// The end of what is held on a person: whole, by whom it may be done, and what is left.
#include "idp/admin/departure.hpp"
#include "idp/audit/verification.hpp"
#include "idp/http/method.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/outbox.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/revisions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;

namespace {

// Anna of Lebus is signed in and holds a grant; somebody stands in for her.
struct stage {
    test_idp idp;
    std::string anna;
    std::string refresh_token;
    std::string token;

    explicit stage(const char* role = "zentraladmin", const char* home = "dikom") {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        const auto tokens = idp.tokens("groupware-web");
        refresh_token = tokens.text("refresh_token");
        write([&](idp::store::transaction& t) {
            anna = t.persons().of_member(member_slug("lebus")).front().id.str();
        });
        idp.change_registry([&](policies::registry& r) {
            policies::grant one;
            one.id = "g-anna";
            one.member = member_slug("lebus");
            one.person = person_id(anna);
            one.role = role_name("groupware.postfach");
            one.reason = "Probe";
            one.asked_by = "P-somebody";
            r.grants.emplace(one.id, one);
            one.id = "g-deputy";
            one.person = person_id("P-deputy");
            one.deputy_of = person_id(anna);
            r.grants.emplace(one.id, one);
            one.id = "g-other";
            one.deputy_of = person_id();
            r.grants.emplace(one.id, one);
        });
        idp.forget_cookies();
        add_administrator(idp, home, "actor", {role});
        token = api_token(idp, home, "actor");
    }

    void write(const std::function<void(idp::store::transaction&)>& work) {
        REQUIRE(idp.parts().memory.write_now(work));
    }
    answer erase(const std::string& person, const std::string& why = "Antrag vom 3. November") {
        return api(idp, token, method::post, "/persons/" + person + "/erasure",
                   R"({"why":")" + why + R"("})");
    }
    answer erase() { return erase(anna); }
    long long ends_to_be_told() {
        long long all = 0;
        write([&](idp::store::transaction& t) {
            for (const auto& one : t.outbox().due("access.ended", idp.time.now(), 100))
                all += one.lane == anna ? 1 : 0;
        });
        return all;
    }
    // What is held on Anna, as one line: whatever a failure may leave half done.
    std::string state() {
        std::string all;
        write([&](idp::store::transaction& t) {
            all += "person " + std::to_string(t.persons().find(person_id(anna)).has_value());
            all += " live " +
                   std::to_string(
                       t.persons().with_live_access(member_slug("lebus"), idp.time.now()).size());
            all += " named " + std::to_string(!t.audit().pseudonym_of(person_id(anna)).empty());
            all += " revision " + std::to_string(t.revisions().latest_number());
        });
        all += " in force " + std::to_string(idp.parts().registry.get()->revision());
        all += " outbox " + std::to_string(ends_to_be_told());
        all += " erased " + std::to_string(idp.audited("person.erased"));
        all += " ended " + std::to_string(idp.audited("session.ended_all"));
        return all;
    }
};

}  // namespace

TEST_CASE("an erasure takes everything at once, and says so") {
    stage scene;
    const auto before = scene.idp.parts().registry.get()->revision();

    const auto done = scene.erase();

    CHECK(done.status() == 200);
    CHECK(done.json().at("sessions").as_int64() == 1);
    CHECK(done.json().at("documents").as_int64() == 2);
    CHECK(done.json().at("revision").as_int64() == before + 1);
    const auto registry = scene.idp.parts().registry.get();
    CHECK(registry->documents().grants.size() == 1);
    CHECK(registry->documents().grants.contains("g-other"));
    CHECK(scene.idp.refresh("groupware-web", scene.refresh_token).error() == "invalid_grant");
    CHECK(scene.state() == "person 0 live 0 named 0 revision " + std::to_string(before + 1) +
                               " in force " + std::to_string(before + 1) +
                               " outbox 1 erased 1 ended 1");
    CHECK(scene.erase().status() == 404);
}

TEST_CASE("after an erasure the chain of the audit log is whole") {
    stage scene;
    REQUIRE(scene.erase().status() == 200);
    const auto report =
        idp::audit::verify_chain(scene.idp.parts().memory, *scene.idp.parts().keys.get());
    REQUIRE(report.has_value());
    CHECK_FALSE(report->fault.has_value());
    CHECK(report->addresses_forgotten > 0);
}

TEST_CASE("a store that fails half-way leaves nothing half done") {
    // Each lets another part of the work be done before it strikes.
    for (const std::string fault :
         {"BEFORE INSERT ON registry_revision", "BEFORE INSERT ON outbox",
          "BEFORE UPDATE ON token_family", "BEFORE DELETE ON session", "BEFORE DELETE ON person",
          "BEFORE DELETE ON pseudonym", "BEFORE INSERT ON audit WHEN NEW.event = 'person.erased'",
          "BEFORE INSERT ON audit WHEN NEW.event = 'registry.applied'"}) {
        stage scene;
        CAPTURE(fault);
        const auto before = scene.state();
        scene.idp.sql("CREATE TRIGGER fault " + fault +
                      (fault.find("WHEN") == std::string::npos ? " WHEN 1" : "") +
                      " BEGIN SELECT RAISE(ABORT, 'fault'); END");

        CHECK_THROWS(scene.erase());  // a fault as of a bug comes out of the operation

        CHECK(scene.state() == before);
        CHECK(scene.idp.parts().registry.get()->documents().grants.contains("g-anna"));
        scene.idp.sql("DROP TRIGGER fault");
        CHECK(scene.erase().status() == 200);
        CHECK(scene.idp.refresh("groupware-web", scene.refresh_token).error() == "invalid_grant");
    }
}

TEST_CASE("an erasure waits for no directory") {
    stage scene;
    scene.idp.directories.set_reachable("lebus", false);
    CHECK(scene.erase().status() == 200);
}

TEST_CASE("a person without any document of the registry is erased without a revision") {
    stage scene;
    scene.idp.change_registry([](policies::registry& r) { r.grants.clear(); });
    const auto before = scene.idp.parts().registry.get()->revision();
    const auto done = scene.erase();
    CHECK(done.status() == 200);
    CHECK(done.json().at("revision").as_int64() == before);
    CHECK(scene.ends_to_be_told() == 1);
}

TEST_CASE("a member's administrator erases nobody, and another's does not know the person") {
    stage own("mandantenadmin", "lebus");
    const auto refused = own.erase();
    CHECK(refused.status() == 403);
    CHECK(refused.shows("association_only"));
    stage other("mandantenadmin", "cottbus");
    CHECK(other.erase().status() == 404);
    stage auditor("pruefung");
    CHECK(auditor.erase().status() == 403);
}

TEST_CASE("nobody erases themselves, and nobody without a reason") {
    stage scene;
    std::string self;
    scene.write([&](idp::store::transaction& t) {
        self = t.persons().of_member(member_slug("dikom")).front().id.str();
    });
    CHECK(scene.erase(self).status() == 403);
    CHECK(scene.erase(scene.anna, "").status() == 400);
    CHECK(scene.erase(scene.anna, std::string(301, 'x')).status() == 400);
    CHECK(scene.erase("P-nobody").status() == 404);
    CHECK_FALSE(scene.idp.audited("person.erased"));
}

TEST_CASE(
    "a member that leaves takes its persons with it, told one by one, and the chain is whole") {
    stage scene;
    const auto path = "/members/lebus?why=Austritt";

    const auto done = api(scene.idp, scene.token, method::delete_, path);

    CHECK(done.status() == 200);
    CHECK(done.json().at("persons").as_int64() == 1);
    CHECK(scene.ends_to_be_told() == 1);
    CHECK(scene.idp.refresh("groupware-web", scene.refresh_token).error() == "invalid_grant");
    const auto report =
        idp::audit::verify_chain(scene.idp.parts().memory, *scene.idp.parts().keys.get());
    REQUIRE(report.has_value());
    CHECK_FALSE(report->fault.has_value());
    CHECK(api(scene.idp, scene.token, method::delete_, path).status() == 404);
}

TEST_CASE("a member's departure that the store broke off is finished by asking again") {
    stage scene;
    const auto path = "/members/lebus?why=Austritt";
    scene.idp.sql(
        "CREATE TRIGGER fault BEFORE DELETE ON person WHEN 1 BEGIN SELECT RAISE(ABORT, 'fault');"
        " END");
    CHECK_THROWS(api(scene.idp, scene.token, method::delete_, path));
    CHECK(scene.ends_to_be_told() == 0);

    scene.idp.sql("DROP TRIGGER fault");
    const auto done = api(scene.idp, scene.token, method::delete_, path);

    CHECK(done.status() == 200);
    CHECK(done.json().at("persons").as_int64() == 1);
    CHECK(scene.ends_to_be_told() == 1);
    CHECK(api(scene.idp, scene.token, method::delete_, path).status() == 404);
}

TEST_CASE("a member's departure that a crash broke off says so, and is finished without anybody") {
    stage scene;
    scene.write([&](idp::store::transaction& t) {
        for (int i = 0; i < 25; ++i) {
            const auto number = std::to_string(i);
            t.persons().ensure(member_slug("lebus"), directory_id("d-" + number),
                               person_id("P-" + number), scene.idp.time.now());
        }
    });
    const auto left = [&] {
        std::size_t count = 0;
        scene.write([&](idp::store::transaction& t) {
            count = t.persons().of_member(member_slug("lebus")).size();
        });
        return count;
    };
    const auto waiting = [&] {
        std::vector<idp::store::outbox_entry> all;
        scene.write([&](idp::store::transaction& t) {
            all = t.outbox().due(idp::admin::member_left_topic, scene.idp.time.now(), 100);
        });
        return all;
    };
    REQUIRE(left() == 26);
    scene.idp.sql(
        "CREATE TRIGGER fault BEFORE DELETE ON person WHEN OLD.id = 'P-7' BEGIN SELECT "
        "RAISE(ABORT, 'fault'); END");
    CHECK_THROWS(api(scene.idp, scene.token, method::delete_, "/members/lebus?why=Austritt"));
    CHECK(scene.idp.parts().registry.get()->find_member(member_slug("lebus")) == nullptr);
    const auto half = left();
    CHECK(half > 0);
    CHECK(half < 26);
    REQUIRE(waiting().size() == 1);
    CHECK(waiting().front().lane == "lebus");

    // The name is taken again meanwhile: who is new is nobody who has left.
    scene.idp.time.turn(std::chrono::seconds(5));
    scene.write([&](idp::store::transaction& t) {
        t.persons().ensure(member_slug("lebus"), directory_id("d-neu"), person_id("P-neu"),
                           scene.idp.time.now());
    });
    const auto finish = idp::admin::finish_departures(scene.idp.parts().memory, scene.idp.time);
    const auto deliver = [&] {
        const auto entry = waiting().front();
        boost::asio::io_context io;
        std::optional<idp::tasks::delivery> end;
        boost::asio::co_spawn(io, finish(entry),
                              [&](std::exception_ptr broken, idp::tasks::delivery came) {
                                  if (!broken) end = std::move(came);
                              });
        io.run();
        const bool arrived = end && std::holds_alternative<idp::tasks::delivered>(*end);
        if (arrived)
            scene.write(
                [&](idp::store::transaction& t) { (void)t.outbox().delivered(entry.sequence); });
        return arrived;
    };
    CHECK_FALSE(deliver());  // the fault is still there
    CHECK(waiting().size() == 1);
    scene.idp.sql("DROP TRIGGER fault");
    for (int turns = 0; turns < 3 && !waiting().empty(); ++turns) CHECK(deliver());
    CHECK(waiting().empty());
    CHECK(left() == 1);
    CHECK(scene.idp.refresh("groupware-web", scene.refresh_token).error() == "invalid_grant");
}
