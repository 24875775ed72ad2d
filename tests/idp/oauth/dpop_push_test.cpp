// DPoP at pushed authorization requests (RFC 9449, 10.1): the code is for the key that was shown at
// the push. Names of modules are those of the conformance suite's plan FAPI 2.0 Security Profile.
#include "idp/http/request.hpp"
#include "tests/support/dpop_client.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

constexpr auto web = "groupware-web";
constexpr auto par_address = "https://idp.example/par";

struct pushing_client {
    answer push(const std::string& proof, const fields& more = {}) {
        fields form{{"response_type", "code"},
                    {"client_id", web},
                    {"redirect_uri", "https://groupware-web.example/callback"},
                    {"scope", "openid profile"},
                    {"code_challenge", test_idp::challenge},
                    {"code_challenge_method", "S256"}};
        form.insert(form.end(), more.begin(), more.end());
        auto request = idp.as_call_of(web, "/par", form);
        if (!proof.empty()) request.headers.emplace_back("dpop", proof);
        return idp.send(std::move(request));
    }
    answer come_with(const answer& pushed, const fields& more = {}) {
        idp.forget_cookies();
        fields query{{"client_id", web}, {"request_uri", pushed.text("request_uri")}};
        query.insert(query.end(), more.begin(), more.end());
        return idp.fill_in(idp.get("/authorize", query), "anna.noack", "Spreewald-7");
    }
    answer redeem(const answer& redirect, const std::string& proof) {
        auto request = idp.redemption_of(web, redirect);
        if (!proof.empty()) request.headers.emplace_back("dpop", proof);
        return idp.send(std::move(request));
    }

    test_idp idp;
    dpop_client key{idp.time};
};

}  // namespace

TEST_CASE(
    "ensure-dpopproof-at-par-endpoint-binding-success: a proof at the push binds the code to its "
    "key") {
    pushing_client b;
    const dpop_client other(b.idp.time);
    const auto pushed_with_proof = [&] {
        const auto pushed = b.push(b.key.proof("POST", par_address));
        REQUIRE(pushed.status() == 201);
        return b.come_with(pushed);
    };
    const auto right = b.redeem(pushed_with_proof(), b.key.proof_at_token_endpoint());
    CHECK(right.status() == 200);
    CHECK(right.text("token_type") == "DPoP");
    // ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt
    for (const auto& proof : {other.proof_at_token_endpoint(), std::string()}) {
        const auto wrong = b.redeem(pushed_with_proof(), proof);
        CHECK(wrong.status() == 400);
        CHECK(wrong.error() == "invalid_dpop_proof");
    }
}

TEST_CASE("ensure-mismatched-dpop-jkt-fails: proof and dpop_jkt of one push are of one key") {
    pushing_client b;
    const dpop_client other(b.idp.time);
    const auto mismatched =
        b.push(b.key.proof("POST", par_address), {{"dpop_jkt", other.thumbprint()}});
    CHECK(mismatched.status() == 400);
    CHECK(mismatched.error() == "invalid_request");
    const auto same = b.push(b.key.proof("POST", par_address), {{"dpop_jkt", b.key.thumbprint()}});
    REQUIRE(same.status() == 201);
    CHECK(b.redeem(b.come_with(same), b.key.proof_at_token_endpoint()).status() == 200);
    const auto alone = b.push({}, {{"dpop_jkt", b.key.thumbprint()}});
    REQUIRE(alone.status() == 201);
    CHECK(b.redeem(b.come_with(alone), other.proof_at_token_endpoint()).error() ==
          "invalid_dpop_proof");
}

TEST_CASE("a proof for another address or with a fault pushes nothing; it works once") {
    pushing_client b;
    CHECK(b.push(b.key.proof_at_token_endpoint()).error() == "invalid_dpop_proof");
    CHECK(b.push(b.key.proof("GET", par_address)).error() == "invalid_dpop_proof");
    CHECK(b.push("none").error() == "invalid_dpop_proof");
    const auto proof = b.key.proof("POST", par_address);
    CHECK(b.push(proof).status() == 201);
    CHECK(b.push(proof).error() == "invalid_dpop_proof");
}

TEST_CASE("dpop_jkt beside request_uri in the browser's request moves no code to another key") {
    pushing_client b;
    const dpop_client thief(b.idp.time);
    const auto redirect =
        b.come_with(b.push(b.key.proof("POST", par_address)), {{"dpop_jkt", thief.thumbprint()}});
    CHECK(b.redeem(redirect, thief.proof_at_token_endpoint()).error() == "invalid_dpop_proof");
    // Nor does it bind one that was pushed without a key.
    const auto free = b.come_with(b.push({}), {{"dpop_jkt", thief.thumbprint()}});
    CHECK(b.redeem(free, b.key.proof_at_token_endpoint()).status() == 200);
}
