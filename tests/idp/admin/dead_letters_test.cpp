// What the outbox could not deliver, in the hands of administrators.
#include "idp/http/method.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/audit_record.hpp"
#include "idp/store/outbox.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;

namespace {

struct stage {
    test_idp idp;
    std::string token;

    explicit stage(const char* role = "zentraladmin", const char* home = "dikom") {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        add_administrator(idp, home, "actor", {role});
        token = api_token(idp, home, "actor");
    }
    void write(const std::function<void(idp::store::transaction&)>& work) {
        REQUIRE(idp.parts().memory.write_now(work));
    }
    long long put(const std::string& lane) {
        long long made = 0;
        write([&](idp::store::transaction& t) {
            made = t.outbox().put("access.ended", lane, R"({"person":"P-anna"})", idp.time.now());
        });
        return made;
    }
    long long put_dead(const std::string& lane, const std::string& error = "no answer") {
        const auto made = put(lane);
        write([&](idp::store::transaction& t) {
            REQUIRE(t.outbox().bury(made, error, idp.time.now()));
        });
        return made;
    }
    std::optional<idp::store::outbox_entry> find(long long sequence) {
        std::optional<idp::store::outbox_entry> found;
        write([&](idp::store::transaction& t) { found = t.outbox().find(sequence); });
        return found;
    }
    answer list(const std::string& more = {}) {
        return api(idp, token, method::get, "/outbox/dead-letters" + more);
    }
    answer retry(const std::string& sequence) {
        return api(idp, token, method::post, "/outbox/dead-letters/" + sequence + "/retry");
    }
    answer discard(const std::string& sequence, const std::string& query = "?why=abgebaut") {
        return api(idp, token, method::delete_, "/outbox/dead-letters/" + sequence + query);
    }
};

}  // namespace

TEST_CASE("dead letters are listed with what the receiver said, and without what they say") {
    stage scene;
    const auto dead = scene.put_dead("groupware", "404 from the application");
    (void)scene.put("dms");

    const auto shown = scene.list();

    REQUIRE(shown.status() == 200);
    const auto letters = shown.json().at("dead_letters").as_array();
    REQUIRE(letters.size() == 1);
    CHECK(letters[0].at("sequence").as_int64() == dead);
    CHECK(letters[0].at("lane").as_string() == "groupware");
    CHECK(letters[0].at("attempts").as_int64() == 1);
    CHECK(letters[0].at("error").as_string() == "404 from the application");
    CHECK_FALSE(shown.shows("P-anna"));
    const auto topics = shown.json().at("topics").as_array();
    REQUIRE(topics.size() == 1);
    CHECK(topics[0].at("waiting").as_int64() >= 1);
    CHECK(topics[0].at("dead").as_int64() == 1);
}

TEST_CASE("a dead letter that is tried again is due, and that is recorded") {
    stage scene;
    const auto dead = scene.put_dead("groupware");

    CHECK(scene.retry(std::to_string(dead)).status() == 200);

    const auto after = scene.find(dead);
    REQUIRE(after.has_value());
    CHECK(after->dead_at == instant{});
    CHECK(after->attempts == 0);
    CHECK(scene.idp.audited("outbox.revived"));
    CHECK(scene.retry(std::to_string(dead)).status() == 404);  // it lives
}

TEST_CASE("a dead letter is discarded for a reason, which is recorded") {
    stage scene;
    const auto dead = scene.put_dead("groupware");

    CHECK(scene.discard(std::to_string(dead), "").status() == 400);
    CHECK(scene.discard(std::to_string(dead), "?why=" + std::string(301, 'x')).status() == 400);
    REQUIRE(scene.find(dead).has_value());
    CHECK_FALSE(scene.idp.audited("outbox.discarded"));
    CHECK(scene.discard(std::to_string(dead)).status() == 200);

    CHECK_FALSE(scene.find(dead).has_value());
    bool reason_kept = false;
    for (const auto& one : scene.idp.audit()) {
        if (one.record.event == "outbox.discarded")
            reason_kept = one.record.detail_json.find("abgebaut") != std::string::npos;
    }
    CHECK(reason_kept);
    CHECK(scene.discard(std::to_string(dead)).status() == 404);
}

TEST_CASE("what still waits is neither tried again nor discarded") {
    stage scene;
    const auto waiting = scene.put("groupware");
    CHECK(scene.retry(std::to_string(waiting)).status() == 404);
    CHECK(scene.discard(std::to_string(waiting)).status() == 404);
    CHECK(scene.find(waiting).has_value());
}

TEST_CASE("no number is no dead letter") {
    stage scene;
    for (const auto* text : {"0", "-1", "x", "1x", "99999999999999999999", "%20"}) {
        CAPTURE(text);
        CHECK(scene.retry(text).status() == 404);
        CHECK(scene.discard(text).status() == 404);
    }
}

TEST_CASE("many dead letters come page by page") {
    stage scene;
    for (int n = 0; n < 60; ++n) (void)scene.put_dead("lane-" + std::to_string(n));
    const auto first = scene.list().json();
    CHECK(first.at("dead_letters").as_array().size() == 50);
    const auto next = std::to_string(first.at("next").as_int64());
    const auto second = scene.list("?after=" + next).json();
    CHECK(second.at("dead_letters").as_array().size() == 10);
    CHECK_FALSE(second.contains("next"));
}

TEST_CASE("no member's administrator sees the outbox") {
    for (const auto* home : {"lebus", "dikom"}) {
        for (const auto* role : {"mandantenadmin", "rollenfreigabe", "appbetrieb", "pruefung"}) {
            stage scene(role, home);
            const auto dead = scene.put_dead("groupware");
            CAPTURE(home);
            CAPTURE(role);
            CHECK(scene.list().status() == 404);
            CHECK(scene.retry(std::to_string(dead)).status() == 404);
            CHECK(scene.discard(std::to_string(dead)).status() == 404);
            CHECK(scene.find(dead).has_value());
        }
    }
}
