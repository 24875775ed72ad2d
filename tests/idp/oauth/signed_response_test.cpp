// How answers reach a client: in the query, in the fragment, posted, and each of them signed
// (JARM).
#include "config/vocabulary/base64url.hpp"
#include "idp/http/response.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>
#include <boost/json/value.hpp>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;

namespace {

constexpr auto web = "groupware-web";
constexpr auto callback = "https://groupware-web.example/callback";

void register_modes(test_idp& idp, std::vector<std::string> modes) {
    idp.change_registry([&](policies::registry& all) {
        auto& one = all.applications.at(application_key("groupware")).clients.at(0);
        one.response_modes = std::move(modes);
        one.authorization_response_alg = signing_algorithm::ps256;
    });
}

answer sign_in(test_idp& idp, const std::string& mode, const fields& more = {}) {
    fields asked{{"response_mode", mode}};
    asked.insert(asked.end(), more.begin(), more.end());
    return idp.sign_in(web, "anna.noack", "Spreewald-7", asked);
}

std::string in_fragment(const answer& redirect, const std::string& name) {
    const auto uri = redirect.location();
    const auto hash = uri.find('#');
    if (hash == std::string::npos) return {};
    return answer(idp::http::see_other("https://x/?" + uri.substr(hash + 1))).redirected(name);
}

// The redirect that a plain answer would have been.
answer unwrapped(const std::string& response) {
    const auto claims = test_idp::payload(response);
    std::string uri = "https://x/?code=" + std::string(claims.at("code").as_string());
    return answer(idp::http::see_other(uri));
}

}  // namespace

TEST_CASE("jwt and query.jwt: one parameter in the query, signed as registered") {
    test_idp idp;
    register_modes(idp, {});
    for (const auto* mode : {"jwt", "query.jwt"}) {
        CAPTURE(mode);
        idp.forget_cookies();
        const auto redirect = sign_in(idp, mode);
        const auto response = redirect.redirected("response");
        CHECK(redirect.location() == std::string(callback) + "?response=" + response);
        CHECK(test_idp::header_of(response).at("alg") == "PS256");
        CHECK_FALSE(test_idp::header_of(response).at("kid").as_string().empty());
        const auto claims = test_idp::payload(response);
        CHECK(claims.at("iss") == "https://idp.example");
        CHECK(claims.at("aud") == web);
        const auto ahead = claims.at("exp").as_int64() - to_unix_seconds(idp.time.now());
        CHECK(ahead >= 10);
        CHECK(ahead <= 600);
        CHECK(claims.at("state") == "state-1");
        CHECK(claims.size() == 5);
        CHECK(idp.redeem(web, unwrapped(response)).status() == 200);
    }
}

TEST_CASE("form_post.jwt: one parameter in a form that goes to the registered address") {
    test_idp idp;
    register_modes(idp, {});
    const auto page = sign_in(idp, "form_post.jwt", {{"state", "\"><svg onload>"}});
    CHECK(page.status() == 200);
    CHECK(page.location().empty());
    CHECK(page.shows("action=\"https://groupware-web.example/callback\""));
    CHECK_FALSE(page.shows("<svg onload>"));
    CHECK(page.hidden("state").empty());
    CHECK(page.hidden("iss").empty());
    const auto response = page.hidden("response");
    CHECK(test_idp::payload(response).at("state") == "\"><svg onload>");
    CHECK(idp.redeem(web, unwrapped(response)).status() == 200);
}

TEST_CASE("fragment and fragment.jwt exist only for who registered them") {
    test_idp idp;
    register_modes(idp, {});
    CHECK(sign_in(idp, "fragment").redirected("error") == "invalid_request");
    CHECK(sign_in(idp, "fragment.jwt").redirected("error") == "invalid_request");
    register_modes(idp, {"query", "fragment", "fragment.jwt"});
    const auto plain = sign_in(idp, "fragment");
    CHECK(plain.location().starts_with(std::string(callback) + "#code="));
    CHECK(in_fragment(plain, "state") == "state-1");
    CHECK(in_fragment(plain, "iss") == "https://idp.example");
    const auto signed_one = sign_in(idp, "fragment.jwt");
    CHECK(signed_one.location().starts_with(std::string(callback) + "#response="));
    CHECK(idp.redeem(web, unwrapped(in_fragment(signed_one, "response"))).status() == 200);
    // What is named replaces what everybody has.
    CHECK(sign_in(idp, "form_post").redirected("error") == "invalid_request");
}

TEST_CASE("errors travel signed too, with nothing beside them") {
    test_idp idp;
    register_modes(idp, {});
    const auto refused = idp.authorize(web, {{"response_mode", "jwt"}, {"prompt", "none"}});
    const auto claims = test_idp::payload(refused.redirected("response"));
    CHECK(claims.at("error") == "login_required");
    CHECK(claims.at("state") == "state-1");
    CHECK_FALSE(claims.contains("code"));
    CHECK(refused.redirected("error").empty());
    CHECK(refused.redirected("iss").empty());

    const auto cancelled =
        idp.press(idp.authorize(web, {{"response_mode", "query.jwt"}}), "cancel");
    CHECK(test_idp::payload(cancelled.redirected("response")).at("error") == "access_denied");
    const auto wrong = idp.authorize(web, {{"response_mode", "jwt"}, {"response_type", "token"}});
    CHECK(test_idp::payload(wrong.redirected("response")).at("error") ==
          "unsupported_response_type");
    CHECK(idp.authorize(web, {{"response_mode", "web_message"}}).redirected("error") ==
          "invalid_request");
}

TEST_CASE("a pushed request is answered in the mode that was pushed") {
    test_idp idp;
    register_modes(idp, {});
    const auto pushed = idp.call_as(web, "/par",
                                    {{"response_type", "code"},
                                     {"client_id", web},
                                     {"redirect_uri", callback},
                                     {"scope", "openid"},
                                     {"response_mode", "jwt"},
                                     {"code_challenge", test_idp::challenge},
                                     {"code_challenge_method", "S256"}});
    const auto page = idp.get("/authorize", {{"client_id", web},
                                             {"request_uri", pushed.text("request_uri")},
                                             {"response_mode", "query"}});
    const auto redirect = idp.fill_in(page, "anna.noack", "Spreewald-7");
    const auto claims = test_idp::payload(redirect.redirected("response"));
    CHECK_FALSE(claims.contains("state"));
    CHECK(claims.contains("code"));
}

TEST_CASE("a public native client gets signed answers at its loopback address") {
    test_idp idp;
    const auto redirect =
        idp.sign_in("groupware-native", "anna.noack", "Spreewald-7",
                    {{"redirect_uri", "http://127.0.0.1:4711/callback"}, {"response_mode", "jwt"}});
    CHECK(redirect.location().starts_with("http://127.0.0.1:4711/callback?response="));
}
