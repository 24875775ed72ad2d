#include "idp/oauth/logout_request.hpp"

#include "idp/jose/foreign_jwt.hpp"

#include <boost/json/value.hpp>

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

std::string text_of(const boost::json::object& claims, std::string_view name) {
    const auto* value = claims.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

void read_hint(logout_request& request, std::string_view hint, std::string_view named_client,
               const jose::key_ring& keys) {
    const auto payload = keys.verify_own(hint, "JWT");
    const auto claims = payload ? jose::parse_strict_object(*payload) : jose::jwt_error::malformed;
    if (!claims) return;
    const auto audience = text_of(*claims, "aud");
    // client_id, when it is sent, must be the one that the ID token was issued to (RP-Initiated
    // Logout, 2).
    if (!named_client.empty() && named_client != audience) return;
    request.client = client_id(audience);
    request.subject = text_of(*claims, "sub");
    request.session = text_of(*claims, "sid");
}

void read_redirect(logout_request& request, const http::form& form,
                   const policies::snapshot& registry) {
    const auto uri = form.get("post_logout_redirect_uri");
    if (!uri) return;
    const auto entry = registry.find_client(request.client.view());
    const bool registered = request.has_valid_hint() && entry.registered != nullptr &&
                            std::find(entry.registered->post_logout_redirect_uris.begin(),
                                      entry.registered->post_logout_redirect_uris.end(),
                                      *uri) != entry.registered->post_logout_redirect_uris.end();
    if (!registered) {
        request.refused_uri = std::string(*uri);
        return;
    }
    request.redirect_uri = std::string(*uri);
    if (const auto state = form.get("state")) {
        request.redirect_uri =
            http::with_query(request.redirect_uri, {{"state", std::string(*state)}});
    }
}

}  // namespace

logout_request parse_logout_request(const http::form& form, const policies::snapshot& registry,
                                    const jose::key_ring& keys) {
    logout_request request;
    request.ui_locales = std::string(form.get("ui_locales").value_or(std::string_view()));
    if (form.first_repeated()) return request;
    if (const auto hint = form.get("id_token_hint")) {
        read_hint(request, *hint, form.get("client_id").value_or(std::string_view()), keys);
    }
    read_redirect(request, form, registry);
    return request;
}

}  // namespace kommpass::idp::oauth
