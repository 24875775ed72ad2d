// Keys that a client publishes itself (jwks_uri): fetched seldom, by one, and never at an invented
// key's pace.
#include "idp/oauth/client_keys.hpp"
#include "config/vocabulary/base64url.hpp"
#include "idp/jose/signing_key.hpp"
#include "policies/registry.hpp"
#include "tests/support/test_idp.hpp"
#include "tests/support/turned_clock.hpp"

#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <deque>
#include <exception>

using namespace kommpass;
using namespace kommpass::tests;
namespace asio = boost::asio;
namespace json = boost::json;
namespace oauth = idp::oauth;
namespace outgoing = idp::outgoing;
using idp::jose::algorithm;
using idp::jose::signing_key;

namespace {

constexpr auto address = "https://groupware.example/jwks.json";

std::string set_of(const signing_key& key, const std::string& kid) {
    auto jwk = key.to_public_jwk();
    jwk["kid"] = kid;
    return json::serialize(json::object{{"keys", json::array{jwk}}});
}

std::string signed_by(const signing_key& key, const std::string& kid) {
    const auto part =
        base64url::encode(json::serialize(json::object{{"alg", "ES256"}, {"kid", kid}})) + "." +
        base64url::encode(R"({"iss":"groupware-web"})");
    return part + "." + base64url::encode(key.sign(part));
}

// A client that publishes its keys, and what fetches them. Fetches end when the test lets them.
struct publishing_client {
    publishing_client() {
        client.id = client_id("groupware-web");
        client.jwks_uri = address;
    }

    asio::awaitable<result<outgoing::fetched, outgoing::call_failure>> get(outgoing::fetch what) {
        ++fetches;
        asked = what;
        if (held) {
            boost::system::error_code ignored;
            co_await held->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        if (published.empty()) co_return outgoing::call_failure{false, "groupware.example is down"};
        co_return outgoing::fetched{published};
    }
    void start(const std::string& jws) {
        asio::co_spawn(io, keys.verify(client, sent.emplace_back(jws), allowed),
                       [this](std::exception_ptr wrong, auto claims) {
                           if (wrong) std::rethrow_exception(wrong);
                           good += claims ? 1 : 0;
                           if (!claims) last_fault = claims.error();
                           ++done;
                       });
    }
    void run() {
        io.restart();
        io.run();
    }
    bool verifies(const std::string& jws) {
        const auto before = good;
        start(jws);
        run();
        return good > before;
    }

    turned_clock time;
    asio::io_context io;
    policies::client client;
    signing_key key = signing_key::generate(algorithm::es256);
    std::string published = set_of(key, "k1");
    std::unique_ptr<asio::steady_timer> held;
    outgoing::fetch asked;
    std::deque<std::string> sent;  // as long as they are judged
    int fetches = 0;
    int good = 0;
    int done = 0;
    std::string last_fault;
    static constexpr std::array allowed{algorithm::es256};
    oauth::client_keys keys{time, [this](outgoing::fetch what) { return get(std::move(what)); }};
};

}  // namespace

TEST_CASE("keys are fetched once, within bounds, and kept for an hour") {
    publishing_client c;
    const auto jws = signed_by(c.key, "k1");
    CHECK(c.verifies(jws));
    CHECK(c.verifies(jws));
    CHECK(c.fetches == 1);
    CHECK(c.asked.uri == address);
    CHECK(c.asked.longest == 16 * 1024);
    CHECK(c.asked.within <= std::chrono::seconds(5));
    c.time.turn(std::chrono::minutes(61));
    CHECK(c.verifies(jws));
    CHECK(c.fetches == 2);
}

TEST_CASE("oidcc-refresh-token-rp-key-rotation: a new key is found a minute after the last fetch") {
    publishing_client c;
    CHECK(c.verifies(signed_by(c.key, "k1")));
    c.time.turn(std::chrono::seconds(60));
    const auto newer = signing_key::generate(algorithm::es256);
    c.published = set_of(newer, "k2");
    CHECK(c.verifies(signed_by(newer, "k2")));
    CHECK(c.fetches == 2);
    CHECK_FALSE(c.verifies(signed_by(c.key, "k1")));  // taken back
}

TEST_CASE("invented kids cost one fetch each half a minute, however many come") {
    publishing_client c;
    CHECK(c.verifies(signed_by(c.key, "k1")));
    for (int i = 0; i < 2000; ++i) c.start(signed_by(c.key, "invented-" + std::to_string(i)));
    c.run();
    CHECK(c.good == 1);
    CHECK(c.fetches == 1);
    c.time.turn(std::chrono::seconds(31));
    for (int i = 0; i < 2000; ++i) c.start(signed_by(c.key, "invented-" + std::to_string(i)));
    c.run();
    CHECK(c.fetches == 2);
    CHECK(c.last_fault == "none of the client's keys fits kid and alg");
}

TEST_CASE("those who ask while a fetch is under way wait for that one") {
    publishing_client c;
    c.held = std::make_unique<asio::steady_timer>(c.io, asio::steady_timer::time_point::max());
    for (int i = 0; i < 50; ++i) c.start(signed_by(c.key, "k1"));
    c.io.poll();
    CHECK(c.fetches == 1);
    CHECK(c.done == 0);
    c.held->cancel();
    c.run();
    CHECK(c.good == 50);
    CHECK(c.fetches == 1);
}

TEST_CASE("while the client's server is down its keys of the last day are good") {
    publishing_client c;
    const auto jws = signed_by(c.key, "k1");
    CHECK(c.verifies(jws));
    c.published.clear();
    c.time.turn(std::chrono::hours(2));
    CHECK(c.verifies(jws));
    c.time.turn(std::chrono::hours(23));
    CHECK_FALSE(c.verifies(jws));
    CHECK(c.last_fault ==
          "the keys at https://groupware.example/jwks.json are not known: groupware.example is "
          "down");
    const auto before = c.fetches;
    CHECK_FALSE(c.verifies(jws));
    CHECK(c.fetches == before);  // not within half a minute
}

TEST_CASE("what is no key set is said") {
    publishing_client c;
    c.published = R"({"keys":[]})";
    CHECK_FALSE(c.verifies(signed_by(c.key, "k1")));
    CHECK(c.last_fault.find("jwks has no key") != std::string::npos);
}

TEST_CASE("oidcc-registration-jwks-uri: an assertion is verified by the published keys") {
    test_idp idp;
    const auto key = signing_key::generate(algorithm::es256);
    idp.published[address] = set_of(key, "k1");
    idp.change_registry([](policies::registry& all) {
        auto& batch = all.applications.at(application_key("meso")).clients.at(1);
        batch.authentication = policies::client_authentication::private_key_jwt;
        batch.secret_sha256.clear();
        batch.jwks_uri = address;
    });
    const auto now = to_unix_seconds(idp.time.now());
    const json::object claims{
        {"iss", "meso-batch"}, {"sub", "meso-batch"}, {"aud", "https://idp.example"},
        {"iat", now},          {"exp", now + 60},     {"jti", "1"}};
    const auto part = base64url::encode(R"({"alg":"ES256","kid":"k1"})") + "." +
                      base64url::encode(json::serialize(claims));
    const auto given = idp.call(
        "/token",
        {{"grant_type", "client_credentials"},
         {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
         {"client_assertion", part + "." + base64url::encode(key.sign(part))}});
    CHECK(given.status() == 200);
    CHECK(idp.fetches[address] == 1);
}
