// RFC 7523 and OpenID Connect Core, 9: a client that proves itself by a key.
#include "config/vocabulary/base64url.hpp"
#include "idp/jose/signing_key.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

using namespace kommpass;
using namespace kommpass::tests;
namespace json = boost::json;

namespace {

struct client_with_key {
    client_with_key() {
        idp.change_registry([this](policies::registry& all) {
            auto& batch = all.applications.at(application_key("meso")).clients.at(1);
            batch.authentication = policies::client_authentication::private_key_jwt;
            batch.secret_sha256.clear();
            auto jwk = key.to_public_jwk();
            jwk["kid"] = "k1";
            batch.jwks = json::serialize(json::object{{"keys", json::array{jwk}}});
        });
    }

    std::string assertion(const std::function<void(json::object&)>& change = {}) {
        const auto now = to_unix_seconds(idp.time.now());
        json::object claims{
            {"iss", "meso-batch"}, {"sub", "meso-batch"}, {"aud", "https://idp.example"},
            {"iat", now},          {"exp", now + 60},     {"jti", "id-" + std::to_string(++count)}};
        if (change) change(claims);
        const auto part = base64url::encode(R"({"alg":"PS256","kid":"k1"})") + "." +
                          base64url::encode(json::serialize(claims));
        return part + "." + base64url::encode(key.sign(part));
    }
    answer ask(const std::string& jwt, const fields& more = {}) {
        fields form{
            {"grant_type", "client_credentials"},
            {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
            {"client_assertion", jwt}};
        form.insert(form.end(), more.begin(), more.end());
        return idp.call("/token", form);
    }

    test_idp idp;
    idp::jose::signing_key key = idp::jose::signing_key::generate(idp::jose::algorithm::ps256);
    int count = 0;
};

}  // namespace

TEST_CASE("a time of an assertion beyond any calendar is refused, and nothing else comes of it") {
    client_with_key client;
    for (const auto far :
         {179'000'006'077'777'777LL, 9'223'372'036'854'775'807LL, 1'000'000'000'000LL, -1LL}) {
        CAPTURE(far);
        for (const auto* name : {"exp", "nbf", "iat"}) {
            CAPTURE(name);
            const auto jwt = client.assertion([&](json::object& claims) { claims[name] = far; });
            CHECK(client.ask(jwt).status() == 401);
        }
    }
    const auto now = static_cast<double>(to_unix_seconds(client.idp.time.now()));
    const auto jwt = client.assertion([&](json::object& claims) { claims["exp"] = now + 30.5; });
    CHECK(client.ask(jwt).status() == 200);
}

TEST_CASE("a client with a key gets its token, and each assertion works once") {
    client_with_key client;
    const auto jwt = client.assertion();
    CHECK(client.ask(jwt).status() == 200);
    const auto replayed = client.ask(jwt);
    CHECK(replayed.status() == 401);
    CHECK(replayed.error() == "invalid_client");
    CHECK(client.ask(client.assertion([](auto& c) { c["aud"] = "https://idp.example/token"; }))
              .status() == 200);
}

TEST_CASE("assertions that are foreign, stale or altered are refused") {
    client_with_key client;
    CHECK(
        client.ask(client.assertion([](auto& c) { c["aud"] = "https://other.example"; })).error() ==
        "invalid_client");
    CHECK(client.ask(client.assertion([](auto& c) { c["exp"] = 1; })).error() == "invalid_client");
    CHECK(client.ask(client.assertion([](auto& c) { c["sub"] = "groupware-web"; })).error() ==
          "invalid_client");
    CHECK(client.ask(client.assertion([](auto& c) { c.erase("jti"); })).error() ==
          "invalid_client");
    auto altered = client.assertion();
    altered.back() = altered.back() == 'A' ? 'B' : 'A';
    CHECK(client.ask(altered).error() == "invalid_client");
    CHECK(client.ask("a.b.c").error() == "invalid_client");
    CHECK(client.ask(client.assertion(), {{"client_secret", "x"}}).error() == "invalid_request");
    CHECK(client.ask(client.assertion(), {{"client_id", "meso-web"}}).error() == "invalid_client");
}
