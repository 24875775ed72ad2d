// A member's administrator tries to reach another member's data by every route there is.
#include "idp/api/call.hpp"
#include "idp/http/method.hpp"
#include "idp/http/router.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/audit_record.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;

namespace {

struct two_members {
    test_idp idp;
    std::string token;
    two_members() {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        add_administrator(idp, "lebus", "admin", {"mandantenadmin", "rollenfreigabe"});
        token = api_token(idp, "lebus", "admin");
        const directory_id entry = idp.directories.of("cottbus", "jan.kowal").who.id;
        const auto made = idp.parts().memory.write_now([&](idp::store::transaction& t) {
            (void)t.persons().ensure(member_slug("cottbus"), entry, person_id("P-jan"),
                                     idp.time.now());
        });
        REQUIRE(made.has_value());
        idp.change_registry([](policies::registry& r) {
            policies::grant one;
            one.id = "g-jan";
            one.member = member_slug("cottbus");
            one.person = person_id("P-jan");
            one.role = role_name("groupware.postfach");
            one.reason = "geheim";
            r.grants.emplace(one.id, one);
        });
    }
};

}  // namespace

TEST_CASE("another member's things do not exist, by whatever route they are asked for") {
    two_members scene;
    const std::vector<std::tuple<method, std::string, std::string>> routes{
        {method::get, "/members/cottbus", {}},
        {method::get, "/mappings/cottbus-alle", {}},
        {method::put, "/mappings/cottbus-alle",
         R"({"why":"x","mapping":{"id":"cottbus-alle","member":"lebus","group":"A","roles":["dms.lesen"]}})"},
        {method::delete_, "/mappings/cottbus-alle?why=x", {}},
        {method::post, "/mappings/cottbus-alle/simulation", {}},
        {method::get, "/persons/P-jan", {}},
        {method::get, "/persons/P-jan/explanation?application=dms", {}},
        {method::post, "/persons/P-jan/end-sessions", R"({"why":"x"})"},
        {method::post, "/persons/P-jan/erasure", R"({"why":"x"})"},
        {method::post, "/persons", R"({"member":"cottbus","user_name":"jan.kowal"})"},
        {method::post, "/persons/P-jan/role-end",
         R"({"member":"cottbus","role":"dms.lesen","why":"x"})"},
        {method::delete_, "/grants/g-jan?why=x", {}},
        {method::post, "/grants/g-jan/approval", R"({"digest":"geraten"})"},
        {method::delete_, "/grants/g-jan?why=x&digest=geraten", {}},
        {method::post, "/agreements",
         R"({"document":"mappings/cottbus-alle","target":"lebus","agreed":true,"digest":"geraten"})"},
        {method::post, "/members/cottbus/role-matrix", {}},
        {method::post, "/members/cottbus/directory-test", {}},
        {method::put, "/members/cottbus", R"({"name":"x","why":"x"})"},
        {method::delete_, "/members/cottbus?why=x", {}},
        {method::post, "/members/cottbus/invitation", {}},
        {method::get, "/members/cottbus/set-up", {}},
        {method::put, "/members/cottbus/set-up",
         R"({"transport":"ldaps","urls":["boese.example"]})"},
        {method::delete_, "/members/cottbus/set-up", {}},
        {method::post, "/members/cottbus/set-up/certificates", {}},
        {method::post, "/members/cottbus/set-up/test", {}},
        {method::post, "/members/cottbus/set-up/activation", R"({"why":"x"})"},
        {method::post, "/members/cottbus/set-up/approval", R"({"digest":"x"})"},
        {method::post, "/members/cottbus/past-access",
         R"({"application":"dms","day":"2026-01-01","purpose":"neugierig"})"},
        {method::get, "/persons/P-jan/personal-data", {}},
        {method::get, "/audit?purpose=neugierig&member=cottbus", {}},
        {method::get, "/campaigns/x/items?member=cottbus", {}},
        {method::post, "/campaigns", R"({"title":"x","due":"2099-01-01","members":["cottbus"]})"},
    };
    // A route to a member or a person that is added later has to be tried here as well. What a
    // member has booked is the association's to say, and no secret.
    for (const auto& one : idp::api::endpoints()) {
        const bool leads = one.path.find("{member}") != std::string_view::npos ||
                           one.path.find("{person}") != std::string_view::npos;
        if (!leads || one.path.find("/subscriptions/") != std::string_view::npos) continue;
        const auto open = one.path.find('{');
        const auto close = one.path.find('}');
        const auto tried = [&](const auto& route) {
            const auto& [how, path, body] = route;
            const auto end = path.find('?');
            const auto address = path.substr(0, end);
            return how == one.method && address.starts_with(one.path.substr(0, open)) &&
                   address.ends_with(one.path.substr(close + 1)) &&
                   std::count(address.begin(), address.end(), '/') ==
                       std::count(one.path.begin(), one.path.end(), '/');
        };
        CAPTURE(one.path);
        CHECK(std::any_of(routes.begin(), routes.end(), tried));
    }
    const auto refusals = [&] {
        const auto all = scene.idp.audit();
        return std::count_if(all.begin(), all.end(),
                             [](const auto& one) { return one.record.event == "access.refused"; });
    };
    for (const auto& route : routes) {
        const auto& path = std::get<1>(route);
        const auto before = refusals();
        const auto got = api(scene.idp, scene.token, std::get<0>(route), path, std::get<2>(route));
        CAPTURE(path);
        CAPTURE(got.body());
        CHECK(got.status() == 404);
        CHECK_FALSE(got.shows("geheim"));
        CHECK_FALSE(got.shows("Kowal"));
        CHECK(refusals() == before + 1);
    }
}

TEST_CASE("lists show one's own member only") {
    two_members scene;
    for (const auto* path : {"/members", "/mappings", "/grants", "/overview", "/revisions"}) {
        const auto got = api(scene.idp, scene.token, method::get, path);
        CAPTURE(path);
        CHECK(got.status() == 200);
        CHECK_FALSE(got.shows("cottbus"));
        CHECK_FALSE(got.shows("geheim"));
    }
    const auto mine = api(scene.idp, scene.token, method::get, "/mappings");
    CHECK(mine.shows("lebus-alle"));
}

TEST_CASE("a person of another member in a grant for one's own is unknown") {
    two_members scene;
    const auto got =
        api(scene.idp, scene.token, method::post, "/grants",
            R"({"member":"lebus","person":"P-jan","role":"groupware.postfach","reason":"x"})");
    CHECK(got.status() == 422);
    CHECK(got.text("code") == "unknown_person");
    CHECK(got.text("field") == "person");
}
