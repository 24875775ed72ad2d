#include "tests/policies/example_registry.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::policies;
using namespace kommpass::tests;

namespace {

member& lebus(registry& all) { return all.members.at(member_slug("lebus")); }
application& dms(registry& all) { return all.applications.at(application_key("dms")); }
client& web(registry& all) { return dms(all).clients.front(); }
client& by_key(registry& all) {
    web(all).authentication = client_authentication::private_key_jwt;
    web(all).secret_sha256.clear();
    return web(all);
}
client& signing(registry& all) {
    web(all).jwks_uri = "https://dms.example/jwks";
    return web(all);
}
mapping& meldeamt(registry& all) { return all.mappings.at("lebus-meldeamt"); }

struct wrong_thing {
    const char* words;     // of the mistake
    const char* document;  // that it names
    void (*make)(registry&);
};

const wrong_thing table[] = {
    {"unknown role \"dms.lessen\"", "mappings/lebus-meldeamt",
     [](registry& r) { meldeamt(r).roles = {role_name("dms.lessen")}; }},
    {"did you mean \"dms.rolle1\"?", "mappings/lebus-meldeamt",
     [](registry& r) { meldeamt(r).roles = {role_name("dms.role1")}; }},
    {"unknown member", "mappings/lebus-meldeamt",
     [](registry& r) { meldeamt(r).member = member_slug("lebuss"); }},
    {"for_members: unknown member", "mappings/lebus-meldeamt",
     [](registry& r) { meldeamt(r).for_members = {member_slug("x")}; }},
    {"has no condition", "mappings/lebus-meldeamt", [](registry& r) { meldeamt(r).group.clear(); }},
    {"gives no role", "mappings/lebus-meldeamt", [](registry& r) { meldeamt(r).roles.clear(); }},
    {"looks like a distinguished name", "mappings/lebus-meldeamt",
     [](registry& r) { meldeamt(r).group = "cn=a,,b"; }},
    {"go together", "mappings/lebus-meldeamt", [](registry& r) { meldeamt(r).attribute = "ou"; }},
    {"belongs to member \"cottbus\" already", "members/lebus",
     [](registry& r) { lebus(r).domains = {"cottbus.example"}; }},
    {"domain name in lower case", "members/lebus",
     [](registry& r) { lebus(r).domains = {"Lebus.Example"}; }},
    {"domain name in lower case", "members/lebus",
     [](registry& r) { lebus(r).domains = {"lübben"}; }},
    {"belongs to member", "members/lebus",
     [](registry& r) {
         lebus(r).domains = {"lübben.example"};
         r.members.at(member_slug("cottbus")).domains = {"xn--lbben-kva.example"};
     }},
    {"can be taken for \"Verwaltung cottbus\" of member \"cottbus\"", "members/lebus",
     [](registry& r) { lebus(r).name.de = "Verwaltung cottbus"; }},
    {"can be taken for", "members/lebus",
     [](registry& r) { lebus(r).name.de = "VERWALTUNG Cottbus"; }},
    {"can be taken for", "members/lebus",
     [](registry& r) { lebus(r).name.en = "Verwa1tung-C0ttbus"; }},
    {"can be taken for", "members/lebus",
     [](registry& r) { lebus(r).name_variant = "Vervvaltung Čottbus"; }},
    {"can be taken for", "members/lebus",
     [](registry& r) {
         lebus(r).name.de = "Luebben";
         r.members.at(member_slug("cottbus")).name.de = "Lübben";
     }},
    {"nobody sees", "members/lebus",
     [](registry& r) { lebus(r).name.de = "Verwaltung\u00a0Lebus"; }},
    {"nobody sees", "members/lebus",
     [](registry& r) { lebus(r).name.de = "Verwaltung Le\u200bbus"; }},
    {"nobody sees", "members/lebus", [](registry& r) { lebus(r).name.de = " Verwaltung  Lebus"; }},
    {"nobody sees", "members/lebus",
     [](registry& r) { lebus(r).name.de = "\uff36erwaltung Lebus"; }},
    {"nobody sees", "members/lebus", [](registry& r) { lebus(r).name_variant = "–"; }},
    {"another script", "members/lebus",
     [](registry& r) { lebus(r).name.de = "Verw\u0430ltung Lebus"; }},
    {"domain \"c0ttbus.example\" can be taken for", "members/lebus",
     [](registry& r) { lebus(r).domains = {"c0ttbus.example"}; }},
    {"another script", "members/lebus",
     [](registry& r) { lebus(r).domains = {"lebu\u0455.example"}; }},
    {"nothing but spaces", "mappings/alle-meldeamt",
     [](registry& r) { r.mappings.at("alle-meldeamt").group = "\u00a0\u200b "; }},
    {"nothing but spaces", "mappings/amt-33",
     [](registry& r) { r.mappings.at("amt-33").attribute_value = "\t"; }},
    {"plain text", "members/lebus",
     [](registry& r) {
         lebus(r).directory.urls = {"ldap://10.1.2.3:389"};
         lebus(r).directory.transport = directory_transport::plain;
     }},
    {"does not fit the transport", "members/lebus",
     [](registry& r) { lebus(r).directory.urls = {"ldap://ldap.example"}; }},
    {"urls\" is missing", "members/lebus", [](registry& r) { lebus(r).directory.urls.clear(); }},
    {"is no distinguished name", "members/lebus",
     [](registry& r) { lebus(r).directory.person_base = "people"; }},
    {"is no filter", "members/lebus",
     [](registry& r) { lebus(r).directory.person_filter = "(uid=*))("; }},
    {"is no attribute name", "members/lebus",
     [](registry& r) { lebus(r).directory.login_attributes = {"uid)(cn=*"}; }},
    {"bind_dn needs", "members/lebus", [](registry& r) { lebus(r).directory.bind_dn = "cn=x"; }},
    {"identity_cache", "members/lebus",
     [](registry& r) { lebus(r).directory.identity_cache = std::chrono::hours(1); }},
    {"group_cache", "members/lebus",
     [](registry& r) { lebus(r).directory.group_cache = std::chrono::hours(1); }},
    {"\"in-chain\" is Active Directory's alone", "members/lebus",
     [](registry& r) { lebus(r).directory.groups = kommpass::group_model::in_chain; }},
    {"\"stepwise\" is Active Directory's alone", "members/lebus",
     [](registry& r) { lebus(r).directory.groups = kommpass::group_model::stepwise; }},
    {"defined by application", "applications/meso",
     [](registry& r) {
         r.applications.at(application_key("meso")).clients.front().id = client_id("dms-web");
     }},
    {"has the form of a person's id", "applications/dms",
     [](registry& r) { web(r).id = client_id("01KAXW0QDB5D0VTV3M9F8R2N7K"); }},
    {"has the form of a person's id", "applications/dms",
     [](registry& r) { web(r).id = client_id("01kaxw0qdb5d0vtv3m9f8r2n7k"); }},
    {"has the form of a person's subject", "applications/dms",
     [](registry& r) { web(r).id = client_id("n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"); }},
    {"looks like a login name", "applications/dms",
     [](registry& r) { web(r).id = client_id("anna.noack"); }},
    {"looks like a login name", "applications/dms",
     [](registry& r) { web(r).id = client_id("A.von-der-Heide"); }},
    {"looks like a login name", "applications/dms",
     [](registry& r) { web(r).id = client_id("u002"); }},
    {"looks like a login name", "applications/dms",
     [](registry& r) { web(r).id = client_id("4711"); }},
    {"claim", "applications/dms", [](registry& r) { dms(r).claim.name = "preferred_username"; }},
    {"claim", "applications/dms", [](registry& r) { dms(r).claim.name = "sub.roles"; }},
    {"where groups are", "members/lebus",
     [](registry& r) {
         lebus(r).directory.group_base.clear();
         lebus(r).directory.member_of = true;
         lebus(r).directory.nesting_depth = 0;
     }},
    {"has a fragment", "applications/dms",
     [](registry& r) { web(r).redirect_uris = {"https://x.example/#a"}; }},
    {"is http to another host", "applications/dms",
     [](registry& r) { web(r).redirect_uris = {"http://x.example/"}; }},
    {"is http to another host", "applications/dms",
     [](registry& r) { web(r).redirect_uris = {"http://127.evil.example/"}; }},
    {"plain text", "members/lebus",
     [](registry& r) {
         lebus(r).directory.urls = {"ldap://127.evil.example:389"};
         lebus(r).directory.transport = directory_transport::plain;
     }},
    {"list \"keys\"", "applications/dms",
     [](registry& r) {
         web(r).authentication = client_authentication::private_key_jwt;
         web(r).secret_sha256.clear();
         web(r).jwks = "{}";
     }},
    {"wildcard", "applications/dms",
     [](registry& r) { web(r).redirect_uris = {"https://*.example/"}; }},
    {"user name", "applications/dms",
     [](registry& r) { web(r).redirect_uris = {"https://a@x.example/"}; }},
    {"private scheme", "applications/dms",
     [](registry& r) { web(r).redirect_uris = {"javascript:alert(1)"}; }},
    {"redirect_uris is missing", "applications/dms",
     [](registry& r) { web(r).redirect_uris.clear(); }},
    {"secret_sha256 is missing", "applications/dms",
     [](registry& r) { web(r).secret_sha256.clear(); }},
    {"the hash, never the secret", "applications/dms",
     [](registry& r) { web(r).secret_sha256 = {"geheim"}; }},
    {"needs jwks", "applications/dms",
     [](registry& r) {
         web(r).authentication = client_authentication::private_key_jwt;
         web(r).secret_sha256.clear();
     }},
    {"leave one of them", "applications/dms",
     [](registry& r) {
         by_key(r).jwks = R"({"keys":[{}]})";
         web(r).jwks_uri = "https://dms.example/jwks";
     }},
    {"jwks_uri \"http://dms.example/jwks\" is http to another host", "applications/dms",
     [](registry& r) { by_key(r).jwks_uri = "http://dms.example/jwks"; }},
    {"needs exactly one of tls_client_auth_subject_dn", "applications/dms",
     [](registry& r) { by_key(r).authentication = client_authentication::tls_client_auth; }},
    {"is no distinguished name", "applications/dms",
     [](registry& r) {
         by_key(r).authentication = client_authentication::tls_client_auth;
         web(r).tls_client_auth_subject_dn = "dms";
     }},
    {"names a certificate's subject", "applications/dms",
     [](registry& r) { web(r).tls_client_auth_san_dns = "dms.example"; }},
    {"not to both", "applications/dms",
     [](registry& r) {
         web(r).dpop_bound_access_tokens = true;
         web(r).tls_client_certificate_bound_access_tokens = true;
     }},
    {"the profile fapi2 demands of dpop_bound_access_tokens", "applications/dms",
     [](registry& r) {
         by_key(r).jwks_uri = "https://dms.example/jwks";
         web(r).profile = client_profile::fapi2;
     }},
    {"need jwks", "applications/dms",
     [](registry& r) { web(r).require_signed_request_object = true; }},
    {"default_acr_values \"gold silver\" must be one word", "applications/dms",
     [](registry& r) { web(r).default_acr_values = {"gold silver"}; }},
    {"more than 20 default_acr_values", "applications/dms",
     [](registry& r) { web(r).default_acr_values = std::vector<std::string>(21, "gold"); }},
    {"need jwks", "applications/dms",
     [](registry& r) { web(r).request_uris = {"https://dms.example/request"}; }},
    {"request_uris \"http://dms.example/request\" is http to another host", "applications/dms",
     [](registry& r) { signing(r).request_uris = {"http://dms.example/request#1"}; }},
    {"has a fragment that is not", "applications/dms",
     [](registry& r) { signing(r).request_uris = {"https://dms.example/request#1#2"}; }},
    {"more than 20 request_uris", "applications/dms",
     [](registry& r) {
         signing(r).request_uris = std::vector<std::string>(21, "https://dms.example/request");
     }},
    {"the profile fapi2-message-signing demands of response_modes", "applications/dms",
     [](registry& r) {
         by_key(r).jwks_uri = "https://dms.example/jwks";
         web(r).dpop_bound_access_tokens = true;
         web(r).profile = client_profile::fapi2_message_signing;
         web(r).response_modes = {"query"};
     }},
    {"the profile fapi2 demands of grant_types", "applications/dms",
     [](registry& r) {
         by_key(r).jwks_uri = "https://dms.example/jwks";
         web(r).dpop_bound_access_tokens = true;
         web(r).profile = client_profile::fapi2;
         web(r).grant_types.emplace_back(grant_types::device_code);
     }},
    {"is not registered for them", "applications/dms",
     [](registry& r) {
         web(r).grant_types = {"client_credentials"};
         web(r).require_pushed_authorization_requests = true;
     }},
    {"unknown response mode \"web_message\"", "applications/dms",
     [](registry& r) {
         web(r).response_modes = {"query", "web_message"};
     }},
    {"unknown type of authorization details", "applications/dms",
     [](registry& r) { web(r).authorization_details_types = {"payment_initiation"}; }},
    {"policy_uri", "applications/dms",
     [](registry& r) { web(r).policy_uri = "javascript:alert(1)"; }},
    {"must begin with https://", "applications/dms",
     [](registry& r) { web(r).tos_uri = "http://127.0.0.1/"; }},
    {"initiate_login_uri", "applications/dms",
     [](registry& r) { web(r).initiate_login_uri = "http://x.example/start"; }},
    {"on a host of the redirect_uris", "applications/dms",
     [](registry& r) { web(r).logo_uri = "https://verfolger.example/logo.svg"; }},
    {"not among the directory's extra_attributes", "members/lebus",
     [](registry& r) { lebus(r).claims.nickname = "initials"; }},
    {"cannot do without PKCE", "applications/dms",
     [](registry& r) {
         web(r).authentication = client_authentication::none;
         web(r).secret_sha256.clear();
         web(r).require_pkce = false;
     }},
    {"unknown grant type", "applications/dms",
     [](registry& r) { web(r).grant_types.emplace_back("password"); }},
    {"role \"meso.x\" must be \"dms.\"", "applications/dms",
     [](registry& r) {
         dms(r).roles.push_back({role_name("meso.x"), {"x", {}}, {}});
     }},
    {"defined twice", "applications/dms",
     [](registry& r) { dms(r).roles.push_back(dms(r).roles.front()); }},
    {"access_token_lifetime", "applications/dms",
     [](registry& r) {
         dms(r).access_token_lifetime = std::chrono::hours(48);
         dms(r).refresh_token_lifetime = std::chrono::hours(49);
     }},
    {"client \"dms-web\": access_token_lifetime", "applications/dms",
     [](registry& r) { web(r).access_token_lifetime = std::chrono::seconds(9); }},
    {"client \"dms-web\": refresh_token_lifetime", "applications/dms",
     [](registry& r) { web(r).refresh_token_lifetime = std::chrono::seconds(30); }},
    {"client \"dms-web\": refresh_token_idle_time", "applications/dms",
     [](registry& r) { web(r).refresh_token_idle_time = std::chrono::seconds(30); }},
    {"frontchannel_logout_uri \"http://localhost/\" must begin with https://", "applications/dms",
     [](registry& r) { web(r).frontchannel_logout_uri = "http://localhost/"; }},
    {"token_exchange_targets: unknown client \"dms-wep\"", "applications/dms",
     [](registry& r) {
         web(r).grant_types.emplace_back(grant_types::token_exchange);
         web(r).token_exchange_targets = {client_id("dms-wep")};
     }},
    {"token_exchange_targets names the client itself", "applications/dms",
     [](registry& r) {
         web(r).grant_types.emplace_back(grant_types::token_exchange);
         web(r).token_exchange_targets = {web(r).id};
     }},
    {"token-exchange and token_exchange_targets need each other", "applications/dms",
     [](registry& r) { web(r).grant_types.emplace_back(grant_types::token_exchange); }},
    {"refresh_token needs authorization_code or the device grant", "applications/dms",
     [](registry& r) {
         web(r).grant_types = {"refresh_token", "client_credentials"};
     }},
    {"role_claim name", "applications/dms", [](registry& r) { dms(r).claim.name = "sub"; }},
    {"subscription to unknown application", "members/lebus",
     [](registry& r) {
         r.subscriptions.push_back({member_slug("lebus"), application_key("dmss")});
     }},
};

}  // namespace

TEST_CASE("each wrong thing gives one mistake that names its document and what to do") {
    for (const auto& wrong : table) {
        const std::string words(wrong.words);
        CAPTURE(words);
        const auto made = compile(changed(wrong.make), 1);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().size() == 1);
        CAPTURE(made.error().front().text);
        CHECK(made.error().front().file == wrong.document);
        CHECK(made.error().front().text.find(wrong.words) != std::string::npos);
    }
}

TEST_CASE("several wrong things are all named") {
    auto all = example_registry();
    meldeamt(all).roles = {role_name("dms.x")};
    lebus(all).directory.urls.clear();
    web(all).redirect_uris = {"https://x.example/#a"};
    CHECK(compile(all, 1).error().size() == 3);
}

TEST_CASE("members whose names are only near each other stand beside each other") {
    const auto made = compile(changed([](registry& all) {
                                  auto& cottbus = all.members.at(member_slug("cottbus"));
                                  lebus(all).name.de = "Amt Brück";
                                  lebus(all).name_variant = "Brücke";
                                  lebus(all).domains = {"lebus.example", "it.cottbus.example"};
                                  cottbus.name.de = "Amt Bruchmühle";
                                  cottbus.name_variant = "Chóśebuz";
                              }),
                              1);
    CHECK(made.has_value());
}

TEST_CASE("a stored revision with members that look alike starts, and no new one has them") {
    const auto alike = changed([](registry& all) { lebus(all).name.de = "VERWALTUNG Cottbus"; });
    CHECK(compile_stored(alike, 1).has_value());
    CHECK_FALSE(compile(alike, 1).has_value());
}

TEST_CASE("native clients may have a loopback address or a private scheme") {
    const auto made = compile(
        changed([](registry& all) {
            web(all).authentication = client_authentication::none;
            web(all).secret_sha256.clear();
            web(all).redirect_uris = {"http://127.0.0.1/callback", "de.brandenburg.app:/callback"};
        }),
        1);
    CHECK(made.has_value());
}
