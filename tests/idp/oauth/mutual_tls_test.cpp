// Mutual TLS (RFC 8705): clients that prove themselves by a certificate, and tokens that are good
// only with it. How the certificate gets here is in http/certificate_header_test.cpp and
// http/server_tls_test.cpp.
#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/clock.hpp"
#include "idp/http/certificate_header.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/hash.hpp"
#include "idp/oauth/certificate_authentication.hpp"
#include "tests/support/test_certificate.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <unistd.h>

using namespace kommpass;
using namespace kommpass::tests;
using policies::client_authentication;
namespace oauth = idp::oauth;

namespace {

const std::filesystem::path& folder() {
    static const auto made =
        std::filesystem::temp_directory_path() / ("kommpass-mtls-" + std::to_string(::getpid()));
    return made;
}
const test_authority& authority() {
    static const test_authority made(folder());
    return made;
}
const test_authority& stranger() {
    static const test_authority made(folder() / "stranger", "Fremde-CA");
    return made;
}

std::string der_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    const std::string pem{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const auto begin = pem.find("-----BEGIN CERTIFICATE-----");
    const auto der = idp::http::certificate_in_header(pem.substr(begin));
    REQUIRE(der.has_value());
    return *der;
}

std::string certificate(const std::string& file, const std::string& subject,
                        const std::string& names = {}, const test_authority& by = authority()) {
    return der_of(by.issue(file, subject, names).certificate);
}

struct certificate_clients {
    // Past the moment in which its certificates are made: before that they are not valid yet.
    certificate_clients() { idp.time.turn(wait_until_now() + std::chrono::minutes(10)); }

    std::chrono::milliseconds wait_until_now() {
        return std::chrono::duration_cast<std::chrono::milliseconds>(system_clock().now() -
                                                                     idp.time.now());
    }
    void change(const std::function<void(policies::client&)>& how) {
        idp.change_registry([&](policies::registry& all) {
            auto& batch = all.applications.at(application_key("meso")).clients.at(1);
            batch.authentication = client_authentication::tls_client_auth;
            batch.secret_sha256.clear();
            how(batch);
        });
    }
    answer ask(const std::string& shown, const fields& more = {}) {
        fields form{{"grant_type", "client_credentials"}, {"client_id", "meso-batch"}};
        form.insert(form.end(), more.begin(), more.end());
        auto request = idp.as_post("/token", form);
        request.headers = {{"content-type", "application/x-www-form-urlencoded"}};
        request.certificate = shown;
        return idp.send(std::move(request));
    }

    test_idp idp{test_idp::directories_around(), [](config::settings& settings) {
                     settings.mtls.header = "client-cert";
                     settings.mtls.public_address = "https://mtls.idp.example";
                     settings.mtls.ca_file = authority().ca_file();
                 }};
};

boost::json::object metadata(test_idp& idp) {
    const auto answer = idp.call_get("/.well-known/openid-configuration", {});
    return boost::json::parse(*answer.raw->fixed_body).as_object();
}

const char* const subject_dn = "CN=meso-batch,O=Stadt Cottbus,C=DE";

}  // namespace

TEST_CASE(
    "tls_client_auth: a certificate of the authority, by its subject as RFC 4514 compares it") {
    certificate_clients c;
    const auto right = certificate("meso", "/C=DE/O=Stadt Cottbus/CN=meso-batch");
    for (const auto* dn : {subject_dn, "cn=MESO-Batch, o=stadt  cottbus, c=de",
                           "2.5.4.3=meso-batch,O=Stadt\\20Cottbus,C=DE"}) {
        INFO(dn);
        c.change([&](policies::client& one) { one.tls_client_auth_subject_dn = dn; });
        const auto given = c.ask(right);
        CAPTURE(given.body());
        CHECK(given.status() == 200);
    }
    const auto refused = [&](const std::string& shown) {
        const auto no = c.ask(shown);
        CHECK(no.status() == 401);
        CHECK(no.error() == "invalid_client");
    };
    refused({});
    refused("no certificate");
    refused(certificate("other", "/C=DE/O=Stadt Cottbus/CN=meso-batch-2"));
    refused(certificate("shorter", "/C=DE/CN=meso-batch"));
    refused(certificate("foreign", "/C=DE/O=Stadt Cottbus/CN=meso-batch", {}, stranger()));
    // An expired one is of no use although the proxy handed it on.
    c.idp.time.turn(std::chrono::hours(24 * 365 * 30));
    refused(right);
}

TEST_CASE("tls_client_auth by each of the alternative names") {
    certificate_clients c;
    const auto shown = certificate("names", "/CN=names",
                                   "DNS:batch.meso.example,URI:urn:meso:batch,IP:10.20.0.7,"
                                   "email:Batch@Meso.example");
    const auto registered = [&](std::string policies::client::*field, const std::string& value) {
        c.change([&](policies::client& one) {
            one.tls_client_auth_subject_dn.clear();
            one.*field = value;
        });
        const auto status = c.ask(shown).status();
        c.change([&](policies::client& one) {
            (one.*field).clear();
            one.tls_client_auth_subject_dn = subject_dn;
        });
        return status == 200;
    };
    using policies::client;
    CHECK(registered(&client::tls_client_auth_san_dns, "Batch.Meso.Example"));
    CHECK_FALSE(registered(&client::tls_client_auth_san_dns, "meso.example"));
    CHECK(registered(&client::tls_client_auth_san_uri, "urn:meso:batch"));
    CHECK_FALSE(registered(&client::tls_client_auth_san_uri, "urn:meso:Batch"));
    CHECK(registered(&client::tls_client_auth_san_ip, "10.20.0.7"));
    CHECK_FALSE(registered(&client::tls_client_auth_san_ip, "10.20.0.8"));
    CHECK(registered(&client::tls_client_auth_san_email, "Batch@meso.EXAMPLE"));
    CHECK_FALSE(registered(&client::tls_client_auth_san_email, "batch@meso.example"));
}

TEST_CASE("self_signed_tls_client_auth: the registered certificate or key, and no other") {
    certificate_clients c;
    const auto pair = authority().issue("self", "/CN=anything");
    const auto shown = der_of(pair.certificate);
    const auto base64 = [](std::string text) {
        for (auto& one : text) one = one == '-' ? '+' : one == '_' ? '/' : one;
        while (text.size() % 4 != 0) text.push_back('=');
        return text;
    };
    const auto jwks = R"({"keys":[{"kty":"RSA","e":"AQAB","n":"AQAB","x5c":[")" +
                      base64(base64url::encode(shown)) + R"("]}]})";
    CHECK(oauth::fault_of_self_signed(jwks, shown, system_clock().now()).empty());
    const auto other = certificate("self2", "/CN=anything");
    CHECK_FALSE(oauth::fault_of_self_signed(jwks, other, system_clock().now()).empty());
    CHECK_FALSE(oauth::fault_of_self_signed("{}", shown, system_clock().now()).empty());
    const auto late = system_clock().now() + std::chrono::hours(24 * 365 * 30);
    CHECK(oauth::fault_of_self_signed(jwks, shown, late) == "the client certificate is expired");
}

TEST_CASE("a certificate is no proof for a client that registered another way") {
    certificate_clients c;
    const auto shown = certificate("meso", "/C=DE/O=Stadt Cottbus/CN=meso-batch");
    const auto no = c.ask(shown);  // still by its secret
    CHECK(no.error() == "invalid_client");
    c.change([](policies::client& one) { one.tls_client_auth_subject_dn = subject_dn; });
    CHECK(c.ask(shown, {{"client_secret", test_idp::secret}}).error() == "invalid_client");
}

TEST_CASE("ensure-holder-of-key-required: bound tokens need the certificate, at both ends") {
    certificate_clients c;
    c.change([](policies::client& one) {
        one.tls_client_auth_subject_dn = subject_dn;
        one.tls_client_certificate_bound_access_tokens = true;
    });
    const auto shown = certificate("meso", "/C=DE/O=Stadt Cottbus/CN=meso-batch");
    const auto given = c.ask(shown);
    REQUIRE(given.status() == 200);
    CHECK(given.text("token_type") == "Bearer");
    const auto cnf = test_idp::payload(given.text("access_token")).at("cnf").as_object();
    CHECK(cnf.at("x5t#S256").as_string() == base64url::encode(idp::jose::sha256(shown)));
}

TEST_CASE("a person's bound token opens userinfo with its certificate only") {
    certificate_clients c;
    c.idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("groupware"))
            .clients.at(0)
            .tls_client_certificate_bound_access_tokens = true;
    });
    const auto redirect = c.idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    const auto shown = certificate("groupware", "/CN=groupware");
    const auto without = c.idp.redeem("groupware-web", redirect);
    CHECK(without.status() == 400);
    CHECK(without.error() == "invalid_request");
    auto request = c.idp.redemption_of("groupware-web", redirect);
    request.certificate = shown;
    const auto given = c.idp.send(std::move(request));
    REQUIRE(given.status() == 200);

    const auto userinfo = [&](const std::string& with) {
        idp::http::request asked;
        asked.path = "/userinfo";
        asked.headers = {{"authorization", "Bearer " + given.text("access_token")}};
        asked.certificate = with;
        return c.idp.send(std::move(asked));
    };
    CHECK(userinfo(shown).status() == 200);
    for (const auto& wrong : {std::string(), certificate("thief", "/CN=groupware")}) {
        const auto no = userinfo(wrong);
        CHECK(no.status() == 401);
        CHECK(no.error() == "invalid_token");
    }
    const auto told = c.idp.introspect("groupware-web", given.text("access_token"));
    CHECK(told.json().at("cnf").as_object().contains("x5t#S256"));

    auto refresh = c.idp.refresh_of("groupware-web", given.text("refresh_token"));
    CHECK(c.idp.send(refresh).status() == 400);
    refresh.certificate = shown;
    CHECK(c.idp.send(refresh).status() == 200);
}

TEST_CASE("a token bound to a certificate is exchanged over a connection with it alone") {
    certificate_clients c;
    c.idp.change_registry([](policies::registry& all) {
        auto& clients = all.applications.at(application_key("groupware")).clients;
        auto& web = clients.at(0);
        web.tls_client_certificate_bound_access_tokens = true;
        web.grant_types.emplace_back("urn:ietf:params:oauth:grant-type:token-exchange");
        web.token_exchange_targets = {client_id("groupware-old")};
        clients.at(1).audiences = {"https://ablage.example"};
    });
    const auto shown = certificate("groupware", "/CN=groupware");
    auto redemption = c.idp.redemption_of(
        "groupware-web", c.idp.sign_in("groupware-web", "anna.noack", "Spreewald-7"));
    redemption.certificate = shown;
    const auto bound = c.idp.send(std::move(redemption)).text("access_token");
    const auto exchange = [&](const std::string& with) {
        auto request = c.idp.as_call_of(
            "groupware-web", "/token",
            {{"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
             {"subject_token", bound},
             {"subject_token_type", "urn:ietf:params:oauth:token-type:access_token"},
             {"audience", "groupware-old"}});
        request.certificate = with;
        return c.idp.send(std::move(request));
    };
    const auto got = exchange(shown);
    REQUIRE(got.status() == 200);
    CHECK(test_idp::payload(got.text("access_token")).at("cnf") ==
          test_idp::payload(bound).at("cnf"));
    const auto other = exchange(certificate("thief", "/CN=groupware"));
    CHECK(other.status() == 400);
    CHECK(other.error() == "invalid_grant");
    CHECK(exchange({}).status() == 400);
}

TEST_CASE("discovery says that certificates are taken where they are, and is silent elsewhere") {
    certificate_clients c;
    const auto said = metadata(c.idp);
    CHECK(said.at("tls_client_certificate_bound_access_tokens").as_bool());
    const auto& aliases = said.at("mtls_endpoint_aliases").as_object();
    CHECK(aliases.at("token_endpoint").as_string() == "https://mtls.idp.example/token");
    CHECK(aliases.at("pushed_authorization_request_endpoint") == "https://mtls.idp.example/par");
    CHECK(aliases.at("device_authorization_endpoint") ==
          "https://mtls.idp.example/device-authorization");
    CHECK_FALSE(aliases.contains("authorization_endpoint"));
    for (const auto& [name, address] : aliases) CHECK(said.contains(name));

    test_idp plain;
    const auto silent = metadata(plain);
    CHECK_FALSE(silent.contains("mtls_endpoint_aliases"));
    CHECK_FALSE(silent.contains("tls_client_certificate_bound_access_tokens"));
    for (const auto& method : silent.at("token_endpoint_auth_methods_supported").as_array())
        CHECK(method.as_string().find("tls") == std::string::npos);
}
