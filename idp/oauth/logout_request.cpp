#include "idp/oauth/logout_request.hpp"

#include "idp/http/form.hpp"
#include "idp/oauth/id_token_hint.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

// Whose request it is. A hint that is none of ours proves nothing, and takes the word of
// `client_id` along with it.
void read_client(logout_request& request, const http::form& form,
                 const policies::snapshot& registry, const jose::key_ring& keys,
                 const std::string& issuer) {
    const auto sent = form.get("id_token_hint");
    const auto named = form.get("client_id");
    if (!sent) {
        if (named && registry.find_client(*named).registered != nullptr)
            request.client = client_id(*named);
        return;
    }
    auto hint = read_id_token_hint(*sent, issuer, registry, keys);
    // client_id, when it is sent, must be the one that the ID token was issued to (RP-Initiated
    // Logout, 2).
    if (!hint || (named && *named != hint->client.view())) return;
    request.client = std::move(hint->client);
    request.subject = std::move(hint->subject);
    request.session = std::move(hint->session);
}

void read_redirect(logout_request& request, const http::form& form,
                   const policies::snapshot& registry) {
    const auto uri = form.get("post_logout_redirect_uri");
    if (!uri) return;
    const auto entry = registry.find_client(request.client.view());
    const bool registered = entry.registered != nullptr &&
                            std::find(entry.registered->post_logout_redirect_uris.begin(),
                                      entry.registered->post_logout_redirect_uris.end(),
                                      *uri) != entry.registered->post_logout_redirect_uris.end();
    if (!registered) {
        request.refused_uri = std::string(*uri);
        return;
    }
    request.redirect_uri = std::string(*uri);
    if (!request.state.empty())
        request.redirect_uri = http::with_query(request.redirect_uri, {{"state", request.state}});
}

}  // namespace

std::string logout_request::without_hint() const {
    std::vector<std::pair<std::string, std::string>> parameters;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) parameters.emplace_back(name, value);
    };
    add("client_id", client.str());
    add("post_logout_redirect_uri", asked_uri);
    add("state", state);
    add("ui_locales", ui_locales);
    const auto encoded = http::with_query({}, parameters);
    return encoded.empty() ? encoded : encoded.substr(1);
}

logout_request parse_logout_request(const http::form& form, const policies::snapshot& registry,
                                    const jose::key_ring& keys, const std::string& issuer) {
    logout_request request;
    request.ui_locales = std::string(form.get("ui_locales").value_or(std::string_view()));
    if (form.first_repeated()) {
        request.refused_uri =
            std::string(form.get("post_logout_redirect_uri").value_or(std::string_view()));
        return request;
    }
    request.state = std::string(form.get("state").value_or(std::string_view()));
    request.asked_uri =
        std::string(form.get("post_logout_redirect_uri").value_or(std::string_view()));
    read_client(request, form, registry, keys, issuer);
    read_redirect(request, form, registry);
    return request;
}

}  // namespace kommpass::idp::oauth
