#include "tests/idp/attacks/agreements.hpp"

#include "idp/admin/document_json.hpp"
#include "idp/http/method.hpp"
#include "idp/service/shared_parts.hpp"
#include "tests/support/administration.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace kommpass::tests::attacks {
namespace {

template <class Document>
std::string shown(const Document& one) {
    auto written = idp::admin::to_json(one);
    for (const auto* name :
         {"agreed", "state", "asked_by", "asked_on", "approved_by", "approved_on"})
        written.erase(name);
    return boost::json::serialize(written);
}

using policies::grant_state;

// Rules of the hostile member that would hold for `member`; its clients, where the association is
// asked.
std::vector<std::string> asking(const policies::registry& all, const member_slug& member) {
    std::vector<std::string> found;
    const auto names = [&](const auto& rule) {
        return std::find(rule.for_members.begin(), rule.for_members.end(), member) !=
               rule.for_members.end();
    };
    for (const auto& [id, rule] : all.mappings) {
        if (rule.member == member_slug(hostile_member) && names(rule))
            found.push_back("mappings/" + id);
    }
    for (const auto& [id, one] : all.grants) {
        if (one.member.view() == hostile_member && names(one)) found.push_back("grants/" + id);
    }
    for (const auto& [key, application] : all.applications) {
        for (const auto& client : application.clients) {
            if (member.view() == "dikom" && client.state == grant_state::requested)
                found.push_back("clients/" + key.str() + "/" + client.id.str());
        }
    }
    return found;
}

std::string shown_client(const policies::registry& all, const std::string& path) {
    const auto slash = path.find('/');
    const auto found = all.applications.find(application_key(path.substr(0, slash)));
    if (found == all.applications.end()) return {};
    const auto written = idp::admin::to_json(found->second);
    for (const auto& one : written.at("clients").as_array()) {
        auto client = one.as_object();
        if (client.at("id").as_string() != path.substr(slash + 1)) continue;
        for (const auto* name : {"state",
                                 "asked_by",
                                 "asked_on",
                                 "approved_by",
                                 "approved_on",
                                 "jwks",
                                 "redirect_uris",
                                 "post_logout_redirect_uris",
                                 "backchannel_logout_uri",
                                 "frontchannel_logout_uri",
                                 "logout_token_typ",
                                 "introspection_alg",
                                 "access_token_format",
                                 "require_pkce",
                                 "require_auth_time",
                                 "default_max_age",
                                 "default_acr_values",
                                 "id_token_alg",
                                 "access_token_alg",
                                 "userinfo_alg",
                                 "id_token_encryption_alg",
                                 "id_token_encryption_enc",
                                 "userinfo_encryption_alg",
                                 "userinfo_encryption_enc",
                                 "jwks_uri",
                                 "tls_client_auth_subject_dn",
                                 "tls_client_auth_san_dns",
                                 "tls_client_auth_san_uri",
                                 "tls_client_auth_san_ip",
                                 "tls_client_auth_san_email",
                                 "tls_client_certificate_bound_access_tokens",
                                 "dpop_bound_access_tokens",
                                 "require_pushed_authorization_requests",
                                 "require_signed_request_object",
                                 "request_object_alg",
                                 "request_uris",
                                 "authorization_response_alg",
                                 "initiate_login_uri",
                                 "policy_uri",
                                 "tos_uri",
                                 "logo_uri"})
            client.erase(name);
        return boost::json::serialize(client);
    }
    return {};
}

// Which version they saw, where what they were shown says so.
std::string digest_of(world& w, honest_person& who, const std::string& document) {
    std::string path = "/agreements";
    if (document.starts_with("clients/")) {
        const auto slash = document.find('/', 8);
        path = "/applications/" + document.substr(8, slash - 8);
    }
    const auto got = api(w.idp, w.api_token_of(who), idp::http::method::get, path);
    if (got.status() != 200) return {};
    const auto said = got.json();
    const auto id = document.substr(document.rfind('/') + 1);
    for (const auto* list : {"agreements", "clients"}) {
        const auto* all = said.if_contains(list);
        if (all == nullptr) continue;
        for (const auto& one : all->as_array()) {
            const auto& object = one.as_object();
            const auto is = [&](const char* name, const std::string& value) {
                const auto* found = object.if_contains(name);
                return found != nullptr && found->is_string() && found->as_string() == value;
            };
            const auto* digest = object.if_contains("digest");
            if (digest != nullptr && (is("document", document) || is("id", id)))
                return digest->as_string().c_str();
        }
    }
    return {};
}

}  // namespace

std::string as_shown(const policies::registry& all, const std::string& document) {
    const auto id = document.substr(document.find('/') + 1);
    if (document.starts_with("clients/")) return shown_client(all, id);
    if (document.starts_with("mappings/")) {
        const auto found = all.mappings.find(id);
        return found == all.mappings.end() ? std::string() : shown(found->second);
    }
    const auto found = all.grants.find(id);
    return found == all.grants.end() ? std::string() : shown(found->second);
}

bool was_agreed(const world& w, const policies::registry& all, const std::string& document,
                const std::string& member) {
    const auto found = w.agreed_to.find(document);
    return found != w.agreed_to.end() &&
           found->second.contains(member + " " + as_shown(all, document));
}

std::vector<std::string> clients_in_force(const policies::registry& all) {
    std::vector<std::string> found;
    for (const auto& [key, application] : all.applications) {
        if (application.operated_by.view() != hostile_member) continue;
        for (const auto& client : application.clients) {
            if (client.state == grant_state::active)
                found.push_back("clients/" + key.str() + "/" + client.id.str());
        }
    }
    return found;
}

void look_or_agree(world& w, honest_person& who, dice& d) {
    const auto registry = w.idp.parts().registry.get();
    if (w.looked_at.empty() || d.one_in(2)) {
        const auto all = asking(registry->documents(), member_slug(who.member));
        if (all.empty()) return;
        const auto& document = d.of(all);
        w.looked_at.push_back({who.user, document, as_shown(registry->documents(), document),
                               digest_of(w, who, document)});
        w.story.push_back(who.user + ": looks at " + document);
        return;
    }
    const auto seen = w.looked_at_lately(d);
    auto& reader = w.honest(seen.user);
    w.agreed_to[seen.document].insert(reader.member + " " + seen.content);
    boost::json::object body{{"why", "Vereinbarung"}};
    if (!seen.digest.empty()) body["digest"] = seen.digest;
    std::string path = "/agreements";
    if (seen.document.starts_with("clients/")) {
        path = "/applications/" + seen.document.substr(8) + "/approval";
        path.replace(path.find('/', 14), 1, "/clients/");
    } else {
        body["document"] = seen.document;
        body["target"] = reader.member;
        body["agreed"] = true;
    }
    const auto got = api(w.idp, w.api_token_of(reader), idp::http::method::post, path,
                         boost::json::serialize(body));
    w.story.push_back(seen.user + ": agrees to " + seen.document + " as seen -> " +
                      std::to_string(got.status()) + " " +
                      (got.status() >= 300 ? got.body() : std::string()));
}

}  // namespace kommpass::tests::attacks
