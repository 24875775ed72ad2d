// Signed requests that lie with the client (request_uri; OpenID Connect Core, 6.2; RFC 9101, 5.2).
// Names in braces are modules of the OpenID conformance suite.
#include "idp/oauth/request_references.hpp"
#include "tests/support/signing_client.hpp"
#include "tests/support/test_idp.hpp"
#include "tests/support/turned_clock.hpp"

#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
namespace outgoing = idp::outgoing;

namespace {

constexpr auto web = signing_client::web;
constexpr auto callback = signing_client::callback;
// As the suite registers it: the fragment is no hash of what will lie there.
constexpr auto address =
    "https://groupware-web.example/requests/1#WzHVUJwNNGxHmsz1ZQP_NXyTGGUyvV_vVHEBXGK3Tyk";
constexpr auto whole = "https://groupware-web.example/requests/2";

struct referring_client : signing_client {
    referring_client() {
        idp.change_registry([](policies::registry& all) {
            all.applications.at(application_key("groupware")).clients.at(0).request_uris = {address,
                                                                                            whole};
        });
        publish(object());
    }
    void publish(const std::string& text, const std::string& type = "application/jwt") {
        for (const auto* uri : {address, whole}) {
            idp.published[uri] = text;
            idp.published_types[uri] = type;
        }
    }
    answer come(const std::string& uri, const fields& more = {}) {
        fields query{{"client_id", web},
                     {"request_uri", uri},
                     {"response_type", "code"},
                     {"scope", "openid"},
                     {"redirect_uri", callback}};
        for (const auto& one : more) {
            std::erase_if(query, [&](const auto& pair) { return pair.first == one.first; });
            if (!one.second.empty()) query.push_back(one);
        }
        return idp.get("/authorize", query);
    }
    std::string refusal_of(const std::string& uri) {
        const auto refused = come(uri, {{"state", "outside"}});
        CHECK(refused.location().starts_with(callback));
        CHECK(refused.redirected("iss") == "https://idp.example");
        return refused.redirected("error");
    }
};

}  // namespace

TEST_CASE("oidcc-request-uri-signed-rs256: a signed request is fetched, and leads to tokens") {
    referring_client client;
    const auto redirect = client.finish(client.come(address, {{"state", "outside"}}));
    CHECK(redirect.redirected("state") == "inside");
    const auto tokens = client.idp.redeem(web, redirect);
    REQUIRE(tokens.status() == 200);
    CHECK(test_idp::payload(tokens.text("id_token")).at("nonce") == "nonce-inside");
    CHECK(client.idp.fetches[address] == 1);
}

TEST_CASE("an address of its own is fetched for the client that registered it, and no other") {
    referring_client client;
    CHECK(client.refusal_of("https://groupware-web.example/requests/3") == "invalid_request_uri");
    // With its fragment it is compared, and without.
    CHECK(client.refusal_of(std::string(whole) + "#1") == "invalid_request_uri");
    CHECK(client.refusal_of("https://groupware-web.example/requests/1") == "invalid_request_uri");
    CHECK(client.refusal_of("https://169.254.169.254/latest") == "invalid_request_uri");
    CHECK(client.idp.fetches.empty());
    const auto other =
        client.idp.get("/authorize", {{"client_id", "groupware-old"},
                                      {"redirect_uri", "https://groupware-old.example/callback"},
                                      {"request_uri", whole}});
    CHECK(other.redirected("error") == "request_uri_not_supported");
    CHECK(client.idp.fetches.empty());
}

TEST_CASE("what lies there is a request of this client, or the error says so") {
    referring_client client;
    client.publish(client.sign(client.claims(), R"({"alg":"none"})"));
    CHECK(client.refusal_of(address) == "invalid_request_object");
    client.idp.time.turn(31s);
    const auto other = idp::jose::signing_key::generate(idp::jose::algorithm::ps256);
    client.publish(client.sign_by(other, client.claims(), R"({"alg":"PS256","kid":"r1"})"));
    CHECK(client.refusal_of(whole) == "invalid_request_object");
    client.idp.time.turn(31s);
    client.publish("<html>");
    CHECK(client.refusal_of(whole) == "invalid_request_object");
    client.idp.time.turn(31s);
    client.publish(client.object([](auto& claims) { claims["aud"] = "https://other.example"; }));
    CHECK(client.refusal_of(whole) == "invalid_request_object");
    client.idp.time.turn(31s);
    client.publish(client.object(
        [](auto& claims) { claims["request_uri"] = "https://groupware-web.example/requests/1"; }));
    CHECK(client.refusal_of(whole) == "invalid_request_object");
    client.idp.time.turn(31s);
    client.publish(client.object(), "text/html");
    CHECK(client.refusal_of(whole) == "invalid_request_uri");
    client.idp.time.turn(31s);
    client.idp.published.clear();
    CHECK(client.refusal_of(whole) == "invalid_request_uri");
    // {oidcc-ensure-request-object-with-redirect-uri}: a bad redirect URI wins, with a page.
    const auto page = client.come(whole, {{"redirect_uri", "https://boese.example/"}});
    CHECK(page.status() == 400);
    CHECK(page.location().empty());
    const auto nowhere = client.come(whole, {{"redirect_uri", ""}});
    CHECK(nowhere.status() == 400);
    CHECK(nowhere.location().empty());
}

TEST_CASE("request and request_uri exclude each other, and neither is pushed by reference") {
    referring_client client;
    CHECK(client.come(whole, {{"request", client.object()}}).redirected("error") ==
          "invalid_request");
    const auto pushed =
        client.idp.call_as(web, "/par", {{"client_id", web}, {"request_uri", whole}});
    CHECK(pushed.status() == 400);
    CHECK(pushed.error() == "invalid_request");
    CHECK(client.idp.fetches.empty());
}

TEST_CASE("a client that has to push is not served by reference either") {
    referring_client client;
    client.idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("groupware"))
            .clients.at(0)
            .require_pushed_authorization_requests = true;
    });
    CHECK(client.refusal_of(whole) == "invalid_request");
}

TEST_CASE("one fetch for all within half a minute, of a version for a day, failures too") {
    referring_client client;
    const auto shows_form = [&](const char* uri) {
        return !client.come(uri).hidden("transaction").empty();
    };
    for (int i = 0; i < 5; ++i) {
        CHECK(shows_form(address));
        CHECK(shows_form(whole));
    }
    CHECK(client.idp.fetches[address] == 1);
    CHECK(client.idp.fetches[whole] == 1);
    client.idp.time.turn(31s);
    CHECK(shows_form(address));
    CHECK(shows_form(whole));
    CHECK(client.idp.fetches[address] == 1);
    CHECK(client.idp.fetches[whole] == 2);
    // Nothing old stands in for what is gone.
    client.idp.published.clear();
    client.idp.time.turn(31s);
    for (int i = 0; i < 5; ++i) CHECK(client.refusal_of(whole) == "invalid_request_uri");
    CHECK(client.idp.fetches[whole] == 3);
    client.idp.time.turn(24h);
    CHECK(client.refusal_of(address) == "invalid_request_uri");
    CHECK(client.idp.fetches[address] == 2);
}

TEST_CASE("a request with a jti leads to one code, however often it is fetched") {
    referring_client client;
    client.publish(client.object([](auto& claims) { claims["jti"] = "once"; }));
    CHECK_FALSE(client.finish(client.come(whole)).redirected("code").empty());
    client.idp.forget_cookies();
    CHECK(client.finish(client.come(whole)).redirected("code").empty());
}

TEST_CASE("a document that changes while a person signs in changes nothing for them") {
    referring_client client;
    const auto form = client.come(whole);
    client.publish(client.object([](auto& claims) {
        claims["state"] = "later";
        claims["redirect_uri"] = "https://boese.example/";
    }));
    client.idp.time.turn(31s);
    const auto redirect = client.finish(form);
    CHECK(redirect.location().starts_with(callback));
    CHECK(redirect.redirected("state") == "inside");
    CHECK(client.idp.fetches[whole] == 1);
    // From then on the new one is judged, and is worth no more than any other request.
    const auto page = client.come(whole);
    CHECK(page.status() == 400);
    CHECK(page.location().empty());
}

TEST_CASE("an address that the client no longer has is not served from what is remembered") {
    referring_client client;
    CHECK_FALSE(client.come(address).hidden("transaction").empty());
    client.idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("groupware")).clients.at(0).request_uris = {whole};
    });
    CHECK(client.refusal_of(address) == "invalid_request_uri");
}

TEST_CASE("servers that hang hold up nobody else, and leave connections for other calls") {
    turned_clock time;
    boost::asio::io_context io;
    boost::asio::steady_timer never(io, boost::asio::steady_timer::time_point::max());
    int asked = 0;
    const auto hanging = [](int server, const char* path) {
        return "https://boese-" + std::to_string(server) + ".example/" + path;
    };
    idp::oauth::request_references references(
        time,
        [&](outgoing::fetch what)
            -> boost::asio::awaitable<result<outgoing::fetched, outgoing::call_failure>> {
            ++asked;
            boost::system::error_code ended;
            if (what.uri.starts_with("https://boese-"))
                co_await never.async_wait(
                    boost::asio::redirect_error(boost::asio::use_awaitable, ended));
            outgoing::fetched got{"a.b.c", "application/jwt"};
            co_return got;
        });
    int served = 0;
    int refused = 0;
    const auto ask = [&](const std::string& uri) {
        boost::asio::co_spawn(io, references.fetch(uri), [&](std::exception_ptr, auto found) {
            ++(found ? served : refused);
        });
        io.restart();
        io.poll();
    };
    // One server takes ten, however many of its addresses are asked for.
    for (int i = 0; i < 20; ++i) ask(hanging(0, "x#") + std::to_string(i));
    CHECK(asked == 10);
    CHECK(refused == 10);
    ask(whole);
    CHECK(served == 1);
    for (int i = 1; i <= 90; ++i) ask(hanging(i, "x"));
    CHECK(asked == 101);
    ask(hanging(1, "x"));  // waits for what is under way
    CHECK(refused == 10);
    ask(hanging(91, "x"));
    CHECK(refused == 11);
    CHECK(asked == 101);
    never.cancel();
    io.run();
    CHECK(served == 102);
    ask(hanging(91, "x"));  // there is room again, and it was never tried
    ask(hanging(0, "x#19"));
    CHECK(asked == 103);
    never.cancel();
    io.run();
    CHECK(served == 104);
}

TEST_CASE("what is fetched is bounded") {
    turned_clock time;
    outgoing::fetch asked;
    idp::oauth::request_references references(
        time,
        [&](outgoing::fetch what)
            -> boost::asio::awaitable<result<outgoing::fetched, outgoing::call_failure>> {
            asked = std::move(what);
            co_return outgoing::fetched{{}, "application/oauth-authz-req+jwt"};
        });
    boost::asio::io_context io;
    bool refused = false;
    boost::asio::co_spawn(io, references.fetch(address),
                          [&](std::exception_ptr, auto found) { refused = !found; });
    io.run();
    CHECK(refused);  // empty
    CHECK(asked.uri == address);
    CHECK(asked.longest == 16 * 1024);
    CHECK(asked.within <= 5s);
    CHECK(asked.accept.starts_with("application/oauth-authz-req+jwt"));
}
