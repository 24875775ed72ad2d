#include "idp/admin/campaigns.hpp"

#include "idp/admin/operation_context.hpp"
#include "idp/http/method.hpp"
#include "idp/service/shared_parts.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;

namespace {

struct review {
    test_idp idp;
    std::string admin, id;
    explicit review(bool ends_unanswered = false) {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        add_administrator(idp, "lebus", "admin", {"mandantenadmin"});
        admin = api_token(idp, "lebus", "admin");
        const auto job =
            api(idp, admin, method::post, "/campaigns",
                std::string(R"({"title":"Herbst 2026","due":"2026-12-31",)") +
                    R"("ends_unanswered":)" + (ends_unanswered ? "true" : "false") + "}");
        REQUIRE(job.status() == 202);
        const auto done = api(idp, admin, method::get, "/jobs/" + job.text("id"));
        REQUIRE(done.text("state") == "finished");
        id = std::string(done.json().at("result").at("id").as_string());
    }
    boost::json::array items() {
        return api(idp, admin, method::get, "/campaigns/" + id + "/items?member=lebus")
            .json()
            .at("items")
            .as_array();
    }
    std::string digest_of(std::int64_t number) {
        for (const auto& one : items()) {
            if (one.at("number").as_int64() == number)
                return std::string(one.at("digest").as_string());
        }
        return {};
    }
    answer give(std::int64_t number, const char* what) {
        return give(number, what, digest_of(number));
    }
    answer give(std::int64_t number, const char* what, const std::string& digest) {
        return api(idp, admin, method::post,
                   "/campaigns/" + id + "/items/" + std::to_string(number),
                   std::string(R"({"answer":")") + what + R"(","digest":")" + digest + R"("})");
    }
};

std::int64_t number_of(const boost::json::array& items, std::string_view role) {
    for (const auto& one : items) {
        if (one.at("role").as_string() == role) return one.at("number").as_int64();
    }
    return 0;
}

}  // namespace

TEST_CASE("a review lists who holds what and why; what is ended is gone, what is confirmed stays") {
    review scene;
    const auto items = scene.items();
    const auto read = number_of(items, "dms.lesen");
    const auto write = number_of(items, "dms.bearbeiten");
    REQUIRE(read > 0);
    REQUIRE(write > 0);
    CHECK(items.front().at("documents").as_array().size() == 1);
    CHECK(scene.give(read, "confirm").status() == 200);
    CHECK(scene.give(write, "end").status() == 200);
    CHECK(scene.give(write, "confirm").text("code") == "answered_already");
    CHECK(scene.give(read, "vielleicht").text("code") == "unknown_word");
    const auto progress = api(scene.idp, scene.admin, method::get, "/campaigns");
    CHECK(progress.shows("\"answered\":2"));
    const auto& withdrawals = scene.idp.parts().registry.get()->documents().withdrawals;
    REQUIRE(withdrawals.size() == 1);
    CHECK(withdrawals.begin()->second.role == role_name("dms.bearbeiten"));
    CHECK(scene.idp.audited("campaign.answered"));
}

TEST_CASE("nobody confirms their own role") {
    review scene;
    const auto items = scene.items();
    CHECK(scene.give(number_of(items, "fed.mandantenadmin"), "confirm").text("code") ==
          "own_person");
}

TEST_CASE("when the time is over, what nobody confirmed is ended, if the review says so") {
    for (const bool ends : {false, true}) {
        review scene(ends);
        CHECK(scene.give(number_of(scene.items(), "dms.lesen"), "confirm").status() == 200);
        scene.idp.time.turn(std::chrono::days(365));
        idp::admin::operation_context at{scene.idp.operations()};
        boost::asio::io_context io;
        std::size_t ended = 0;
        boost::asio::co_spawn(io, idp::admin::close_due_campaigns(at),
                              [&](std::exception_ptr bug, idp::admin::answer<std::size_t> done) {
                                  REQUIRE_FALSE(bug);
                                  REQUIRE(done.has_value());
                                  ended = *done;
                              });
        io.run();
        CHECK((ended > 0) == ends);
        const auto& withdrawals = scene.idp.parts().registry.get()->documents().withdrawals;
        CHECK(withdrawals.size() == ended);
        for (const auto& [id, one] : withdrawals) CHECK(one.role != role_name("dms.lesen"));
        CHECK(scene.idp.audited("campaign.closed"));
    }
}

TEST_CASE("a review without a title or with a day that is over is refused by field") {
    review scene;
    const auto refused = [&](const char* body) {
        return api(scene.idp, scene.admin, method::post, "/campaigns", body).text("code");
    };
    CHECK(refused(R"({"title":"","due":"2099-01-01"})") == "missing");
    CHECK(refused(R"({"title":"x","due":"2020-01-01"})") == "date_in_the_past");
}
