// Half an answer is no answer: what goes through everybody of a member says that not everybody
// came, or refuses; nobody is counted as gone since a search ended early.
#include "idp/admin/directory_findings.hpp"
#include "idp/admin/directory_review.hpp"
#include "idp/admin/everybody.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/http/method.hpp"
#include "idp/store/audit_record.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;

namespace {

constexpr auto words = "Size limit exceeded";

// Amt Lebus: admin, anna.noack and zoe, who come in this order; zoe holds what must not be held
// together.
struct scene {
    test_idp idp;
    std::string admin;

    scene() {
        idp.change_registry([](policies::registry& r) {
            add_administration(r);
            auto auskunft = r.mappings.at("lebus-registratur");
            auskunft.id = "lebus-auskunft";
            auskunft.group = "GG_Auskunft";
            auskunft.roles = {role_name("meso.auskunft")};
            r.mappings.emplace(auskunft.id, auskunft);
            r.constraints.begin()->second.resolution = policies::conflict_resolution::report;
        });
        add_administrator(idp, "lebus", "admin", {"mandantenadmin"});
        auto& zoe = idp.directories.add("lebus", "zoe", "Spreewald-7").who;
        zoe.display_name = "Zoe Zech";
        zoe.groups = {{"cn=GG_Registratur,ou=groups,dc=lebus,dc=example", "GG_Registratur", {}},
                      {"cn=GG_Auskunft,ou=groups,dc=lebus,dc=example", "GG_Auskunft", {}}};
        admin = api_token(idp, "lebus", "admin");
    }

    // How the job ended that the call began.
    boost::json::object job(const std::string& path, const std::string& body = {}) {
        const auto begun = api(idp, admin, method::post, path, body);
        REQUIRE(begun.status() == 202);
        return api(idp, admin, method::get, "/jobs/" + begun.text("id")).json();
    }
    boost::json::object result(const std::string& path, const std::string& body = {}) {
        const auto ended = job(path, body);
        REQUIRE(ended.at("state").as_string() == "finished");
        return ended.at("result").as_object();
    }
    std::shared_ptr<const idp::admin::standing_conflicts> review() {
        boost::asio::io_context io;
        idp::admin::operation_context at{idp.operations()};
        boost::asio::co_spawn(io, idp::admin::review_directories(at), [](std::exception_ptr e) {
            if (e) std::rethrow_exception(e);
        });
        io.run();
        return idp.operations().found.conflicts.get();
    }
};

bool says_so(const boost::json::object& made) {
    return !made.at("complete").as_bool() &&
           std::string_view(made.at("cut_off_by").as_string()).ends_with(words);
}

std::string day_of(test_idp& idp) { return to_string(local_day_of(idp.time.now())); }

}  // namespace

TEST_CASE("the role matrix says that not everybody came, and what limit that was") {
    scene s;
    CHECK(s.result("/members/lebus/role-matrix").at("complete").as_bool());
    s.idp.directories.stop_after("lebus", 2);
    const auto some = s.result("/members/lebus/role-matrix");
    CHECK(says_so(some));
    CHECK(some.at("holders").as_array().size() == 2);
}

TEST_CASE("who came without all of their groups is counted and named: they may hold more") {
    scene s;
    CHECK(s.result("/members/lebus/role-matrix").at("groups_cut_off").as_int64() == 0);
    s.idp.directories.of("lebus", "zoe").who.groups_cut_off = true;
    const auto matrix = s.result("/members/lebus/role-matrix");
    CHECK(matrix.at("complete").as_bool());
    CHECK(matrix.at("groups_cut_off").as_int64() == 1);
    const auto simulated = s.result("/mappings/lebus-registratur/simulation");
    CHECK(simulated.at("groups_cut_off").as_int64() == 1);
    for (const auto* made : {&matrix, &simulated}) {
        const auto& of = made->at("groups_cut_off_of").as_array();
        REQUIRE(of.size() == 1);
        CHECK(of[0].as_object().at("login_name").as_string() == "zoe");
        CHECK_FALSE(of[0].as_object().at("display_name").as_string().empty());
    }
}

TEST_CASE("those who are half known are named up to a bound, with how many more there are") {
    idp::admin::reading_extent came;
    came.half_known = 60;
    for (int i = 0; i < 50; ++i)
        came.named.push_back({person_id(), "n" + std::to_string(i), "N. " + std::to_string(i)});
    const auto names = idp::admin::names_of_half_known(came, 2);
    CHECK(names == std::vector<std::string>{"N. 0 (n0)", "N. 1 (n1)", "+ 58"});
    CHECK(idp::admin::names_of_half_known(came, 50).back() == "+ 10");
    CHECK(idp::admin::names_of_half_known({}, 50).empty());
}

TEST_CASE("a review that would confirm what it did not see does not begin, and says of whom") {
    scene s;
    s.idp.directories.of("lebus", "zoe").who.groups_cut_off = true;
    const auto ended = s.job("/campaigns", R"({"title":"Herbst","due":"2026-12-31"})");
    CHECK(ended.at("state").as_string() == "failed");
    CHECK(ended.at("code").as_string() == "groups_cut_off");
    const auto& details = ended.at("details").as_array();
    REQUIRE(details.size() == 2);
    CHECK(details.front().as_string() == "lebus");
    CHECK(std::string_view(details.back().as_string()).ends_with("(zoe)"));
    s.idp.directories.of("lebus", "zoe").who.groups_cut_off = false;
    CHECK(s.job("/campaigns", R"({"title":"Herbst","due":"2026-12-31"})").at("state").as_string() ==
          "finished");
}

TEST_CASE("past access: who used it and did not come is unanswered, not gone") {
    scene s;
    REQUIRE(s.idp.tokens("groupware-web").status() == 200);
    s.idp.forget_cookies();
    const auto asked = R"({"application":"groupware","day":")" + day_of(s.idp) +
                       R"(","purpose":"Prüfung des Rechnungsprüfungsamts"})";
    const auto all = s.result("/members/lebus/past-access", asked);
    CHECK(all.at("complete").as_bool());
    CHECK(all.at("unanswered").as_array().empty());
    s.idp.directories.stop_after("lebus", 1);
    const auto some = s.result("/members/lebus/past-access", asked);
    CHECK(says_so(some));
    CHECK(some.at("gone").as_array().empty());
    CHECK(some.at("unanswered").as_array().size() == 1);
    s.idp.directories.stop_after("lebus", 100);
    s.idp.directories.remove("lebus", "anna.noack");
    const auto without = s.result("/members/lebus/past-access", asked);
    CHECK(without.at("gone").as_array().size() == 1);
}

TEST_CASE("a review of half the people does not begin") {
    scene s;
    s.idp.directories.stop_after("lebus", 2);
    const auto ended = s.job("/campaigns", R"({"title":"Herbst","due":"2026-12-31"})");
    CHECK(ended.at("state").as_string() == "failed");
    CHECK(ended.at("code").as_string() == "directory_cut_off");
    const auto& details = ended.at("details").as_array();
    REQUIRE(details.size() == 2);
    CHECK(details.front().as_string() == "lebus");
    CHECK(std::string_view(details.back().as_string()).ends_with(words));
    CHECK_FALSE(api(s.idp, s.admin, method::get, "/campaigns").shows("Herbst"));
}

TEST_CASE("a preview names the members of whom not everybody was judged") {
    scene s;
    const auto path = "/mappings/lebus-registratur/simulation";
    CHECK(s.result(path).at("complete").as_bool());
    s.idp.directories.stop_after("lebus", 2);
    const auto some = s.result(path);
    CHECK_FALSE(some.at("complete").as_bool());
    const auto& of = some.at("cut_off").as_array();
    REQUIRE(of.size() == 1);
    CHECK(of.front().at("member").as_string() == "lebus");
}

TEST_CASE("a rule for everybody is not given where half of them were looked at for conflicts") {
    scene s;
    s.idp.directories.stop_after("lebus", 2);
    const std::string rule = R"({"why":"neu","mapping":{"id":"archiv","member":"lebus",)"
                             R"("group":"GG_Archiv","roles":["dms.lesen"]}})";
    const auto refused = api(s.idp, s.admin, method::put, "/mappings/archiv", rule);
    CHECK(refused.status() == 503);
    CHECK(refused.text("code") == "directory_cut_off");
    s.idp.directories.stop_after("lebus", 100);
    CHECK(api(s.idp, s.admin, method::put, "/mappings/archiv", rule).status() == 200);
}

TEST_CASE("incompatible roles of who did not come stand as they were, and are not found anew") {
    scene s;
    const auto found = s.review();
    REQUIRE(found->all.size() == 1);
    CHECK(found->all.front().display_name == "Zoe Zech");
    CHECK(found->cut_off.empty());
    const auto records = [&] {
        std::size_t count = 0;
        for (const auto& one : s.idp.audit())
            count += one.record.event == "registry.conflict_found" ? 1 : 0;
        return count;
    };
    const auto before = records();
    CHECK(before == 1);
    s.idp.directories.stop_after("lebus", 1);
    CHECK(s.review()->all == found->all);
    CHECK(s.review()->cut_off == std::vector{member_slug("lebus")});
    s.idp.directories.set_reachable("lebus", false);
    CHECK(s.review()->all == found->all);
    CHECK(s.review()->silent == std::vector{member_slug("lebus")});
    s.idp.directories.set_reachable("lebus", true);
    s.idp.directories.stop_after("lebus", 100);
    CHECK(s.review()->all == found->all);
    CHECK(records() == before);
    s.idp.directories.remove("lebus", "zoe");
    CHECK(s.review()->all.empty());
}
