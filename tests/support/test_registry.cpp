#include "idp/jose/hash.hpp"
#include "tests/support/test_idp.hpp"

namespace kommpass::tests {
namespace {

using namespace policies;

member make_member(const std::string& slug, const std::string& name, const std::string& domain) {
    member m;
    m.slug = member_slug(slug);
    m.name.de = name;
    m.domains = {domain};
    m.directory.urls = {"ldap://127.0.0.1:389"};
    m.directory.transport = directory_transport::plain;
    m.directory.person_base = "ou=people,dc=" + slug + ",dc=example";
    m.directory.group_base = "ou=groups,dc=" + slug + ",dc=example";
    m.help_contact = "Servicestelle " + name + ", Telefon 0355 1234";
    return m;
}

client make_client(const std::string& id) {
    client c;
    c.id = client_id(id);
    c.secret_sha256 = {idp::jose::sha256_hex(test_idp::secret)};
    c.redirect_uris = {"https://" + id + ".example/callback"};
    c.post_logout_redirect_uris = {"https://" + id + ".example/signed-out"};
    c.grant_types = {"authorization_code", "refresh_token"};
    c.scopes = {"openid", "profile", "email", "phone", "offline_access"};
    return c;
}

application make_application(const std::string& key, const std::string& name,
                             std::initializer_list<const char*> roles) {
    application a;
    a.key = application_key(key);
    a.name.de = name;
    for (const auto* one : roles) a.roles.push_back({role_name(key + "." + one), {one, {}}, {}});
    return a;
}

application groupware() {
    auto a = make_application("groupware", "Groupware", {"postfach", "betrieb"});
    auto web = make_client("groupware-web");
    web.audiences = {"groupware-web", "mailserver"};
    web.backchannel_logout_uri = "https://groupware-web.example/logout";
    auto without_pkce = make_client("groupware-old");
    without_pkce.require_pkce = false;
    without_pkce.id_token_alg = signing_algorithm::rs256;
    auto post = make_client("groupware-post");
    post.authentication = client_authentication::client_secret_post;
    auto native = make_client("groupware-native");
    native.authentication = client_authentication::none;
    native.secret_sha256.clear();
    native.redirect_uris = {"http://127.0.0.1/callback"};
    auto mail = make_client("mailserver");
    mail.grant_types = {"client_credentials"};
    mail.redirect_uris.clear();
    mail.post_logout_redirect_uris.clear();
    mail.audiences = {"mailserver"};
    a.clients = {web, without_pkce, post, native, mail};
    return a;
}

application dms() {
    auto a = make_application("dms", "Dokumente", {"lesen", "bearbeiten"});
    a.claim.form = role_claim::shape::object_per_client;
    a.claim.name = "resource_access";
    auto web = make_client("dms-web");
    web.consent = true;
    web.claims_in_id_token = true;
    a.clients = {web};
    return a;
}

application meso() {
    auto a = make_application("meso", "Meldewesen", {"auskunft"});
    auto batch = make_client("meso-batch");
    batch.grant_types = {"client_credentials"};
    batch.redirect_uris.clear();
    batch.post_logout_redirect_uris.clear();
    a.clients = {make_client("meso-web"), batch};
    return a;
}

mapping by_group(const std::string& id, const std::string& member, const std::string& group,
                 std::initializer_list<const char*> roles) {
    mapping m;
    m.id = id;
    m.member = member_slug(member);
    m.group = group;
    for (const auto* one : roles) m.roles.emplace_back(one);
    return m;
}

}  // namespace

registry test_registry() {
    registry all;
    for (auto& m : {make_member("lebus", "Amt Lebus", "amt-lebus.example"),
                    make_member("cottbus", "Stadt Cottbus", "cottbus.example")}) {
        all.members.emplace(m.slug, m);
    }
    for (auto& a : {groupware(), dms(), meso()}) all.applications.emplace(a.key, a);
    all.subscriptions = {{member_slug("cottbus"), application_key("groupware")},
                         {member_slug("lebus"), application_key("dms")},
                         {member_slug("lebus"), application_key("groupware")},
                         {member_slug("lebus"), application_key("meso")}};
    for (auto& m :
         {by_group("lebus-alle", "lebus", "GG_Groupware", {"groupware.postfach"}),
          by_group("lebus-registratur", "lebus", "GG_Registratur", {"dms.lesen", "dms.bearbeiten"}),
          by_group("cottbus-alle", "cottbus", "GG_Groupware", {"groupware.postfach"})}) {
        all.mappings.emplace(m.id, m);
    }
    return all;
}

}  // namespace kommpass::tests
