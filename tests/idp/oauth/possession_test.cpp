// RFC 9449 where the service lies below a path, and where every proof needs a nonce.
#include "idp/oauth/possession.hpp"
#include "idp/http/request.hpp"
#include "idp/service/shared_parts.hpp"
#include "policies/registry.hpp"
#include "tests/support/dpop_client.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>

#include <exception>

using namespace kommpass;
using namespace kommpass::tests;
namespace oauth = idp::oauth;

namespace {

using outcome = oauth::protocol_result<oauth::proven_possession>;

// One node of a service with this issuer; several share store and keys.
struct node {
    node(test_idp& around, const std::string& public_address, bool require_nonce)
        : settings(settings_of(public_address, require_nonce)),
          checks(settings, around.time, around.parts().memory, around.parts().keys) {}

    static config::settings settings_of(const std::string& issuer, bool require_nonce) {
        config::settings made;
        made.issuer = issuer;
        made.dpop_nonce = require_nonce;
        return made;
    }

    outcome token_request(const std::string& proof, const fields& more = {}) {
        idp::http::request request;
        request.method = idp::http::method::post;
        request.path = "/token";
        request.headers = more;
        request.headers.emplace_back("dpop", proof);
        boost::asio::io_context io;
        std::optional<outcome> given;
        boost::asio::co_spawn(io, checks.of_client(request, client),
                              [&](std::exception_ptr wrong, outcome made) {
                                  if (wrong) std::rethrow_exception(wrong);
                                  given.emplace(std::move(made));
                              });
        io.run();
        REQUIRE(given.has_value());
        return *std::move(given);
    }

    config::settings settings;
    policies::client client;
    oauth::possession_checks checks;
};

}  // namespace

TEST_CASE("a proof names the public address, whatever the inner request looked like") {
    test_idp idp;
    node one(idp, "https://sso.verband.example/kp", false);
    const dpop_client key(idp.time);
    CHECK(one.token_request(key.proof("POST", "https://sso.verband.example/kp/token")).has_value());
    const fields forged{{"host", "10.1.1.5:8080"}, {"x-forwarded-host", "10.1.1.5:8080"}};
    for (const auto* wrong :
         {"http://10.1.1.5:8080/token", "http://10.1.1.5:8080/kp/token",
          "https://sso.verband.example/token", "https://sso.verband.example/kp/kp/token"}) {
        INFO(wrong);
        const auto refused = one.token_request(key.proof("POST", wrong), forged);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == "invalid_dpop_proof");
    }
}

TEST_CASE(
    "a nonce from one node is taken by the next, and a proof that one took is taken by none") {
    test_idp idp;
    node first(idp, "https://idp.example", true);
    node second(idp, "https://idp.example", true);
    dpop_client key(idp.time);
    const auto asked = first.token_request(key.proof_at_token_endpoint());
    REQUIRE_FALSE(asked.has_value());
    CHECK(asked.error().code == "use_dpop_nonce");
    CHECK(asked.error().status == 400);
    key.nonce = asked.error().dpop_nonce;

    const auto proof = key.proof_at_token_endpoint();
    const auto taken = second.token_request(proof);
    REQUIRE(taken.has_value());
    CHECK(taken->key.thumbprint == key.thumbprint());
    CHECK(first.token_request(proof).error().description == "the DPoP proof was sent before");
    key.nonce = "never given";
    CHECK(second.token_request(key.proof_at_token_endpoint()).error().code == "use_dpop_nonce");
}
