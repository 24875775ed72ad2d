// Token exchange (RFC 8693): between pairs that the registry names, and never for more.
#include "idp/http/request.hpp"
#include "idp/store/audit_log.hpp"
#include "tests/support/dpop_client.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;

namespace {

constexpr auto grant = "urn:ietf:params:oauth:grant-type:token-exchange";
constexpr auto access_token = "urn:ietf:params:oauth:token-type:access_token";
constexpr auto files = "https://akten.example";
constexpr auto registers = "https://melderegister.example";

policies::client& client_of(policies::registry& all, const std::string& application,
                            const std::string& id) {
    auto& clients = all.applications.at(application_key(application)).clients;
    return *std::find_if(clients.begin(), clients.end(),
                         [&](const auto& one) { return one.id.view() == id; });
}

// The mail server is called with tokens of the groupware and files letters in the DMS, which asks
// the register of residents.
class scene {
public:
    scene() {
        idp.change_registry([](policies::registry& all) {
            auto& mail = client_of(all, "groupware", "mailserver");
            mail.grant_types.emplace_back(grant);
            mail.token_exchange_targets = {client_id("dms-web")};
            auto& dms = client_of(all, "dms", "dms-web");
            dms.consent = false;
            dms.audiences = {files};
            dms.scopes = {"openid", "profile", "email", "akten.schreiben"};
            dms.grant_types.emplace_back(grant);
            dms.token_exchange_targets = {client_id("meso-web")};
            client_of(all, "meso", "meso-web").audiences = {registers};
            all.applications.at(application_key("meso")).require_role = false;
        });
        tokens =
            idp.tokens("groupware-web", {{"scope", "openid profile email"}}).text("access_token");
    }
    answer exchange(const fields& more = {{"audience", "dms-web"}}) {
        return exchange_as("mailserver", tokens, more);
    }
    answer exchange_as(const std::string& client, const std::string& token, const fields& more) {
        fields form{
            {"grant_type", grant}, {"subject_token", token}, {"subject_token_type", access_token}};
        form.insert(form.end(), more.begin(), more.end());
        return idp.call_as(client, "/token", form);
    }

    test_idp idp;
    std::string tokens;
};

}  // namespace

TEST_CASE("an exchanged token is the target's, with its roles, and names who acts") {
    scene s;
    const auto got = s.exchange();
    REQUIRE(got.status() == 200);
    CHECK(got.text("issued_token_type") == access_token);
    CHECK(got.text("token_type") == "Bearer");
    CHECK(got.text("refresh_token").empty());
    CHECK(got.text("id_token").empty());
    const auto claims = test_idp::payload(got.text("access_token"));
    CHECK(claims.at("aud") == files);
    CHECK(claims.at("client_id") == "mailserver");
    CHECK(claims.at("act") == boost::json::object{{"sub", "mailserver"}});
    CHECK(claims.at("scope") == "profile email");
    CHECK(claims.at("resource_access").at("dms-web").at("roles").as_array().size() == 2);
    // The person as the target knows them, and nobody else.
    const auto own = s.idp.redeem("dms-web", s.idp.authorize("dms-web"));
    CHECK(claims.at("sub") == test_idp::payload(own.text("id_token")).at("sub"));
    CHECK(s.idp.introspect("dms-web", got.text("access_token")).json().at("active").as_bool());
    CHECK(s.idp.userinfo(got.text("access_token")).status() ==
          403);  // it speaks to the target only
}

TEST_CASE("who acts for whom is nested, hop by hop") {
    scene s;
    const auto first = s.exchange().text("access_token");
    const auto second = s.exchange_as("dms-web", first, {{"resource", registers}});
    REQUIRE(second.status() == 200);
    const auto claims = test_idp::payload(second.text("access_token"));
    CHECK(claims.at("aud") == registers);
    CHECK(claims.at("act") ==
          boost::json::object{{"sub", "dms-web"}, {"act", {{"sub", "mailserver"}}}});
    CHECK(claims.at("exp").as_int64() <= test_idp::payload(s.tokens).at("exp").as_int64());
}

TEST_CASE("an exchanged token never outlives, and never ends after, the one it came from") {
    scene s;
    s.idp.time.turn(9min);
    const auto late = s.exchange();
    REQUIRE(late.status() == 200);
    CHECK(late.json().at("expires_in").as_int64() <= 60);
    CHECK(test_idp::payload(late.text("access_token")).at("exp").as_int64() ==
          test_idp::payload(s.tokens).at("exp").as_int64());
    CHECK(s.idp.introspect("dms-web", late.text("access_token")).json().at("active").as_bool());
    s.idp.call_as("groupware-web", "/revoke", {{"token", s.tokens}});
    CHECK(s.exchange().error() == "invalid_grant");
    s.idp.time.turn(2min);
    CHECK(s.exchange().error() == "invalid_grant");
}

TEST_CASE("a sign-out ends what was exchanged, and every later exchange") {
    scene s;
    const auto given = s.exchange().text("access_token");
    const auto page = s.idp.get("/end-session");
    s.idp.post("/sign-out", {{"transaction", page.hidden("transaction")},
                             {"csrf", page.hidden("csrf")},
                             {"action", "sign-out"}});
    CHECK_FALSE(s.idp.introspect("dms-web", given).json().at("active").as_bool());
    CHECK(s.exchange().error() == "invalid_grant");
}

TEST_CASE("scope is narrowed, never widened") {
    scene s;
    const auto narrow = s.exchange({{"audience", "dms-web"}, {"scope", "profile"}});
    CHECK(narrow.text("scope") == "profile");
    CHECK(s.exchange({{"audience", "dms-web"}, {"scope", "akten.schreiben"}}).error() ==
          "invalid_scope");
    CHECK(s.exchange({{"audience", "dms-web"}, {"scope", "\"x\""}}).error() == "invalid_scope");
}

TEST_CASE("only pairs that the registry names exchange anything") {
    scene s;
    for (const auto& more : {fields{{"audience", "meso-web"}}, fields{{"resource", registers}},
                             fields{{"audience", "groupware-web"}}, fields{{"audience", "x"}},
                             fields{{"audience", "dms-web"}, {"resource", registers}},
                             fields{{"audience", "dms-web"}, {"audience", "meso-web"}}}) {
        const auto got = s.exchange(more);
        CHECK(got.status() == 400);
        CHECK(got.error() == "invalid_target");
    }
    CHECK(s.exchange_as("groupware-web", s.tokens, {{"audience", "dms-web"}}).error() ==
          "unauthorized_client");
    // A token that was never meant for the client.
    const auto foreign = s.idp.redeem("meso-web", s.idp.authorize("meso-web"));
    CHECK(s.exchange_as("mailserver", foreign.text("access_token"), {{"audience", "dms-web"}})
              .error() == "invalid_grant");
}

TEST_CASE("what is no access token of a person is not exchanged") {
    scene s;
    const fields target{{"audience", "dms-web"}};
    const auto machine =
        s.idp.call_as("mailserver", "/token", {{"grant_type", "client_credentials"}});
    CHECK(s.exchange_as("mailserver", machine.text("access_token"), target).error() ==
          "invalid_grant");
    const auto id_token = s.idp.tokens("groupware-web").text("id_token");
    for (const auto& text : {id_token, std::string("x"), std::string(20'000, 'x')})
        CHECK(s.exchange_as("mailserver", text, target).status() == 400);
    for (const auto& form :
         {fields{}, fields{{"subject_token", s.tokens}},
          fields{{"subject_token_type", access_token}},
          fields{{"subject_token", ""}, {"subject_token_type", access_token}},
          fields{{"subject_token", s.tokens},
                 {"subject_token_type", "urn:ietf:params:oauth:token-type:saml2"}},
          fields{{"subject_token", s.tokens},
                 {"subject_token", s.tokens},
                 {"subject_token_type", access_token}},
          fields{{"subject_token", s.tokens},
                 {"subject_token_type", access_token},
                 {"requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token"}},
          fields{{"subject_token", s.tokens},
                 {"subject_token_type", access_token},
                 {"actor_token", "x"}}}) {
        auto whole = form;
        whole.insert(whole.end(), {{"grant_type", grant}, {"audience", "dms-web"}});
        const auto got = s.idp.call_as("mailserver", "/token", whole);
        CHECK(got.status() == 400);
        CHECK(got.error() == "invalid_request");
        CHECK(got.text("access_token").empty());
    }
    CHECK(s.exchange({}).error() == "invalid_request");  // for whom?
}

TEST_CASE("the client's own token says who acts, another's does not") {
    scene s;
    const auto own = s.idp.call_as("mailserver", "/token", {{"grant_type", "client_credentials"}});
    const auto with = [&](const std::string& token) {
        return s.exchange(
            {{"audience", "dms-web"}, {"actor_token", token}, {"actor_token_type", access_token}});
    };
    CHECK(with(own.text("access_token")).status() == 200);
    CHECK(with(s.tokens).error() == "invalid_request");
}

TEST_CASE("roles are those of the moment, and who may not use the target gets nothing") {
    scene s;
    s.idp.change_registry([](policies::registry& all) { all.mappings.erase("lebus-registratur"); });
    CHECK(s.exchange().error() == "invalid_grant");
    s.idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("dms")).require_role = false;
        client_of(all, "dms", "dms-web").consent = true;
    });
    CHECK(s.exchange().error() == "invalid_grant");  // nobody agreed to that
    s.idp.change_registry(
        [](policies::registry& all) { client_of(all, "dms", "dms-web").consent = false; });
    const auto without = s.exchange();
    REQUIRE(without.status() == 200);
    CHECK(test_idp::payload(without.text("access_token"))
              .at("resource_access")
              .at("dms-web")
              .at("roles")
              .as_array()
              .empty());
    s.idp.directories.of("lebus", "anna.noack").disabled = true;
    CHECK(s.exchange().error() == "invalid_grant");
}

TEST_CASE("opaque tokens are exchanged, and made, like others") {
    scene s;
    s.idp.change_registry([](policies::registry& all) {
        client_of(all, "groupware", "groupware-web").access_token_format =
            policies::access_token_format::opaque;
        client_of(all, "dms", "dms-web").access_token_format =
            policies::access_token_format::opaque;
    });
    const auto subject = s.idp.redeem("groupware-web", s.idp.authorize("groupware-web"));
    const auto got =
        s.exchange_as("mailserver", subject.text("access_token"), {{"audience", "dms-web"}});
    REQUIRE(got.status() == 200);
    const auto said = s.idp.introspect("dms-web", got.text("access_token")).json();
    CHECK(said.at("act") == boost::json::object{{"sub", "mailserver"}});
}

TEST_CASE("no chain is longer than five") {
    scene s;
    s.idp.change_registry([](policies::registry& all) {
        auto& dms = client_of(all, "dms", "dms-web");
        auto& meso = client_of(all, "meso", "meso-web");
        meso.grant_types.emplace_back(grant);
        meso.token_exchange_targets = {dms.id};
    });
    auto token = s.exchange().text("access_token");
    int hops = 1;
    for (; hops < 10; ++hops) {
        const bool at_dms = hops % 2 == 1;
        const auto got = s.exchange_as(at_dms ? "dms-web" : "meso-web", token,
                                       {{"audience", at_dms ? "meso-web" : "dms-web"}});
        if (got.status() != 200) {
            CHECK(got.error() == "invalid_request");
            break;
        }
        token = got.text("access_token");
    }
    CHECK(hops == 5);
}

namespace {

constexpr auto userinfo_address = "https://idp.example/userinfo";

// A token of the groupware that is bound to the key of its server.
struct bound_scene : scene {
    bound_scene() {
        auto request = idp.redemption_of(
            "groupware-web", idp.authorize("groupware-web", {{"scope", "openid profile email"}}));
        request.headers.emplace_back("dpop", key.proof_at_token_endpoint());
        bound = idp.send(std::move(request)).text("access_token");
    }
    answer exchange_with(const std::string& proof) {
        auto request = idp.as_call_of("mailserver", "/token",
                                      {{"grant_type", grant},
                                       {"subject_token", bound},
                                       {"subject_token_type", access_token},
                                       {"audience", "dms-web"}});
        if (!proof.empty()) request.headers.emplace_back("dpop", proof);
        return idp.send(std::move(request));
    }

    dpop_client key{idp.time};
    std::string bound;
};

}  // namespace

TEST_CASE("a token that is bound to a key is exchanged by who proves that key, and stays bound") {
    bound_scene s;
    REQUIRE(test_idp::payload(s.bound).contains("cnf"));
    const auto got = s.exchange_with(s.key.proof_at_token_endpoint());
    REQUIRE(got.status() == 200);
    CHECK(got.text("token_type") == "DPoP");
    CHECK(test_idp::payload(got.text("access_token")).at("cnf") ==
          test_idp::payload(s.bound).at("cnf"));

    const auto without = s.exchange_with({});
    CHECK(without.status() == 400);
    CHECK(without.error() == "invalid_dpop_proof");
    const dpop_client thief(s.idp.time);
    const auto by_another = s.exchange_with(thief.proof_at_token_endpoint());
    CHECK(by_another.status() == 400);
    CHECK(by_another.error() == "invalid_dpop_proof");
    CHECK(by_another.text("access_token").empty());
}

TEST_CASE("an unbound token may become a bound one") {
    bound_scene s;
    s.bound = s.tokens;
    const auto got = s.exchange_with(s.key.proof_at_token_endpoint());
    REQUIRE(got.status() == 200);
    CHECK(got.text("token_type") == "DPoP");
}

TEST_CASE(
    "a bound token elsewhere: asked about and taken back without its key, of use with it alone") {
    bound_scene s;
    const auto told = s.idp.introspect("mailserver", s.bound);
    CHECK(told.json().at("active").as_bool());
    CHECK(told.json().at("token_type") == "DPoP");
    CHECK(told.json().at("cnf").as_object().at("jkt").as_string() == s.key.thumbprint());

    const auto userinfo = [&](const std::string& scheme, const std::string& proof) {
        fields headers{{"authorization", scheme + s.bound}};
        if (!proof.empty()) headers.emplace_back("dpop", proof);
        return s.idp.call_get("/userinfo", headers);
    };
    CHECK(userinfo("Bearer ", {}).status() == 401);
    CHECK(userinfo("DPoP ", {}).status() == 401);
    CHECK(userinfo("DPoP ", s.key.proof_for(s.bound, "GET", userinfo_address)).status() == 200);

    // It opens no registration, with or without a proof.
    for (const auto* scheme : {"Bearer ", "DPoP "}) {
        const fields headers{
            {"authorization", scheme + s.bound},
            {"dpop",
             s.key.proof_for(s.bound, "GET", "https://idp.example/register/groupware-web")}};
        CHECK(s.idp.call_get("/register/groupware-web", headers).status() == 401);
    }

    // Whoever holds a token that leaked must be able to end it.
    CHECK(s.idp.call_as("mailserver", "/revoke", {{"token", s.bound}}).error() ==
          "invalid_request");
    CHECK(s.idp.call_as("groupware-web", "/revoke", {{"token", s.bound}}).status() == 200);
    CHECK_FALSE(s.idp.introspect("mailserver", s.bound).json().at("active").as_bool());
    CHECK(s.exchange_with(s.key.proof_at_token_endpoint()).error() == "invalid_grant");
}
