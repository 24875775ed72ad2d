// A code whose session ends between its issue and the token request, by each way that access ends.
#include "idp/admin/actor.hpp"
#include "idp/admin/erasure.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/persons.hpp"
#include "idp/http/request.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/audit_record.hpp"
#include "idp/store/outbox.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <functional>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

person_id annas_id(test_idp& idp) {
    person_id found;
    const auto done = idp.parts().memory.read_now([&](idp::store::transaction& t) {
        found = t.persons().of_member(member_slug("lebus")).front().id;
    });
    REQUIRE(done);
    return found;
}

// Runs an operation of the administration to its end.
template <class Operation>
void administer(test_idp& idp, Operation operation) {
    idp::admin::operation_context at{idp.operations()};
    const auto host = idp::admin::actor::of_host("host:test");
    boost::asio::io_context io;
    bool good = false;
    boost::asio::co_spawn(io, operation(at, host), [&](std::exception_ptr failure, auto done) {
        good = !failure && done.has_value();
    });
    io.run();
    REQUIRE(good);
}

void sign_out(test_idp& idp) {
    const auto page = idp.get("/end-session");
    idp.post("/sign-out", {{"transaction", page.hidden("transaction")},
                           {"csrf", page.hidden("csrf")},
                           {"action", "sign-out"}});
}

void end_all_on_the_account_page(test_idp& idp) {
    const auto page = idp.get("/account");
    idp.post("/account", {{"csrf", page.hidden("csrf")}, {"action", "end-all"}});
}

void end_by_an_administrator(test_idp& idp) {
    const auto anna = annas_id(idp);
    administer(idp, [&](auto& at, const auto& host) {
        return idp::admin::end_sessions(at, host, anna, "Gerät verloren");
    });
}

void erase(test_idp& idp) {
    const auto anna = annas_id(idp);
    administer(idp, [&](auto& at, const auto& host) {
        return idp::admin::erase_person(at, host, anna, "Art. 17");
    });
}

void leave_the_directory(test_idp& idp) {
    idp.directories.of("lebus", "anna.noack").disabled = true;
    idp.authorize("groupware-web", {{"prompt", "none"}});
    idp.directories.of("lebus", "anna.noack").disabled = false;
}

void sign_in_as_somebody_else(test_idp& idp) {
    const auto page = idp.authorize("groupware-web", {{"prompt", "login"}});
    const auto redirect = idp.fill_in(page, "jan.kowal", "Chosebuz-8", "cottbus");
    REQUIRE_FALSE(redirect.redirected("code").empty());
}

void reach_the_absolute_limit(test_idp& idp) { idp.time.turn(std::chrono::seconds(30)); }

struct way {
    const char* name;
    std::function<void(test_idp&)> end;
};
const way ways[] = {{"sign-out", sign_out},
                    {"the account page", end_all_on_the_account_page},
                    {"an administrator", end_by_an_administrator},
                    {"erasure", erase},
                    {"a leaver", leave_the_directory},
                    {"another person in this browser", sign_in_as_somebody_else}};

}  // namespace

TEST_CASE("a code cannot be redeemed once its session is ended, whoever ended it") {
    for (const auto& one : ways) {
        CAPTURE(one.name);
        test_idp idp;
        const auto redirect = idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
        REQUIRE_FALSE(redirect.redirected("code").empty());

        one.end(idp);

        const auto answer = idp.redeem("groupware-web", redirect);
        CHECK(answer.status() == 400);
        CHECK(answer.error() == "invalid_grant");
    }
}

TEST_CASE("whoever ends an access leaves one record of it and one notice in the outbox") {
    for (const auto& one : ways) {
        CAPTURE(one.name);
        test_idp idp;
        idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");

        one.end(idp);

        const auto records = idp.audit();
        CHECK(std::count_if(records.begin(), records.end(), [](const auto& line) {
                  return line.record.event == "session.ended" ||
                         line.record.event == "session.ended_all";
              }) == 1);
        std::size_t announced = 0;
        const auto done = idp.parts().memory.read_now([&](idp::store::transaction& t) {
            for (const auto& count : t.outbox().counts()) {
                if (count.topic == "access.ended")
                    announced += static_cast<std::size_t>(count.waiting);
            }
        });
        REQUIRE(done);
        CHECK(announced == 1);
    }
}

TEST_CASE("a code of one session lives on when another session of the person is ended") {
    test_idp idp;
    idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    const auto first = idp.cookies();
    idp.forget_cookies();
    const auto redirect = idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");

    idp.cookies() = first;
    sign_out(idp);

    CHECK(idp.redeem("groupware-web", redirect).status() == 200);
}

TEST_CASE("a code outlives a new password in its session, and not the session's absolute limit") {
    test_idp idp;
    const auto redirect = idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    const auto page = idp.authorize("groupware-web", {{"prompt", "login"}});
    idp.fill_in(page, "anna.noack", "Spreewald-7");
    CHECK(idp.redeem("groupware-web", redirect).status() == 200);

    for (int hour = 0; hour < 10; ++hour) {
        idp.time.turn(std::chrono::minutes(59));
        idp.authorize("groupware-web", {{"prompt", "none"}});
    }
    idp.time.turn(std::chrono::minutes(9) + std::chrono::seconds(45));
    const auto last = idp.authorize("groupware-web", {{"prompt", "none"}});
    REQUIRE_FALSE(last.redirected("code").empty());
    reach_the_absolute_limit(idp);
    CHECK(idp.redeem("groupware-web", last).error() == "invalid_grant");
}

TEST_CASE("of a redemption and a sign-out at the same moment none leaves a token that works") {
    for (int n = 0; n < 20; ++n) {
        test_idp idp;
        const auto redirect =
            idp.sign_in("groupware-web", "anna.noack", "Spreewald-7", {{"scope", "openid"}});
        const auto page = idp.get("/end-session");
        const auto out = idp.as_post("/sign-out", {{"transaction", page.hidden("transaction")},
                                                   {"csrf", page.hidden("csrf")},
                                                   {"action", "sign-out"}});
        const auto redemption = idp.redemption_of("groupware-web", redirect);
        const auto answers = idp.send_together(n % 2 == 0 ? std::vector{out, redemption}
                                                          : std::vector{redemption, out});
        const auto& redeemed = answers[n % 2 == 0 ? 1 : 0];
        if (redeemed.status() == 200)
            CHECK(idp.userinfo(redeemed.text("access_token")).status() == 401);
        else
            CHECK(redeemed.error() == "invalid_grant");
    }
}

TEST_CASE(
    "whoever ends an access, the notice names each client that got tokens under the session") {
    for (const auto& one : ways) {
        CAPTURE(one.name);
        test_idp idp;
        const auto tokens =
            idp.redeem("groupware-web", idp.sign_in("groupware-web", "anna.noack", "Spreewald-7"));
        const auto sid = test_idp::payload(tokens.text("id_token")).at("sid");

        one.end(idp);

        boost::json::array named;
        const auto done = idp.parts().memory.read_now([&](idp::store::transaction& t) {
            for (const auto& entry : t.outbox().due("access.ended", idp.time.now(), 10))
                named = boost::json::parse(entry.payload_json).at("clients").as_array();
        });
        REQUIRE(done);
        CHECK(named == boost::json::array{{{"session", sid}, {"client", "groupware-web"}}});
    }
}
