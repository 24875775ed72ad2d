// What counts as an id_token_hint, at both endpoints that take one.
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/service/shared_parts.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <functional>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

// A JWT of ours with the claims of this ID token, but for what `change` changes.
std::string resigned(test_idp& idp, const std::string& id_token, std::string_view type,
                     const std::function<void(boost::json::object&)>& change) {
    auto claims = test_idp::payload(id_token);
    change(claims);
    return idp.parts().keys.get()->sign(policies::signing_algorithm::es256, type,
                                        boost::json::serialize(claims));
}

void check_is_no_hint(test_idp& idp, const std::string& jws) {
    const auto silent =
        idp.authorize("groupware-web", {{"prompt", "none"}, {"id_token_hint", jws}});
    CHECK(silent.redirected("error") == "invalid_request");
    CHECK(silent.redirected("state") == "state-1");
    // Signing out asks first, and promises no way back.
    const auto page = idp.get(
        "/end-session", {{"id_token_hint", jws},
                         {"client_id", "groupware-web"},
                         {"post_logout_redirect_uri", "https://groupware-web.example/signed-out"}});
    CHECK(page.status() == 200);
    CHECK_FALSE(page.hidden("csrf").empty());
    CHECK(page.raw->form_action == "'self'");
}

}  // namespace

TEST_CASE("no other JWT of ours is an id_token_hint") {
    test_idp idp;
    idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("groupware")).clients.at(0).userinfo_alg =
            policies::signing_algorithm::es256;
    });
    const auto tokens = idp.tokens("groupware-web");
    const auto id_token = tokens.text("id_token");
    const auto same = [](boost::json::object&) {};

    check_is_no_hint(idp, idp.userinfo(tokens.text("access_token")).body());
    check_is_no_hint(idp, tokens.text("access_token"));
    check_is_no_hint(idp, resigned(idp, id_token, "logout+jwt", same));
    check_is_no_hint(idp, resigned(idp, id_token, "at+jwt", same));
}

TEST_CASE("an ID token of another issuer, of nobody, or for an unknown client is no hint") {
    test_idp idp;
    const auto id_token = idp.tokens("groupware-web").text("id_token");
    const auto with = [&](const char* name, const boost::json::value& value) {
        return resigned(idp, id_token, "JWT", [&](auto& claims) { claims[name] = value; });
    };
    check_is_no_hint(idp, with("iss", "https://other.example"));
    check_is_no_hint(idp, with("aud", "no-such-client"));
    check_is_no_hint(idp, with("aud", boost::json::array{"groupware-web"}));
    check_is_no_hint(idp, with("sub", ""));
    check_is_no_hint(idp, with("sub", 7));
    check_is_no_hint(idp, with("exp", "soon"));
}

TEST_CASE(
    "a hint is for the client that it was issued to, and an old one is as good as a new one") {
    test_idp idp;
    const auto id_token = idp.tokens("groupware-web").text("id_token");
    CHECK(idp.authorize("groupware-old", {{"prompt", "none"}, {"id_token_hint", id_token}})
              .redirected("error") == "invalid_request");
    idp.time.turn(std::chrono::minutes(90));
    CHECK_FALSE(idp.authorize("groupware-web", {{"prompt", "none"}, {"id_token_hint", id_token}})
                    .redirected("code")
                    .empty());
}
