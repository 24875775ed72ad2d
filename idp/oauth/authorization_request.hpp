#pragma once

#include "idp/oauth/arrival.hpp"
#include "idp/oauth/authorization_details.hpp"
#include "idp/oauth/claims_request.hpp"
#include "idp/oauth/prompt.hpp"
#include "idp/oauth/resource.hpp"
#include "idp/oauth/response_mode.hpp"
#include "idp/oauth/scope.hpp"
#include "policies/snapshot.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kommpass::idp::web {
enum class error_page_reason;
}

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::http {
class form;
}

namespace kommpass::idp::oauth {

// Where an answer goes, once client and redirect URI are proven.
struct response_target {
    std::string redirect_uri;
    response_mode mode;
    std::string state;
    // Who gets a signed answer, and how it is signed (JARM, 2.1).
    client_id audience;
    signing_algorithm algorithm = signing_algorithm::rs256;
};

// A validated authorization request: made only by `parse_authorization_request`. After that nobody
// looks at a raw parameter again. Its pointers live as long as `registry`.
struct authorization_request {
    policies::snapshot_ptr registry;
    const policies::client* client = nullptr;
    const policies::application* application = nullptr;
    response_target target;
    bool redirect_uri_was_sent = true;  // then the token request must repeat it (RFC 6749, 4.1.3)
    scope_list scope;                   // asked and allowed
    resource_list resources;            // what the tokens are for; empty: as registered
    std::string challenge;
    std::string nonce;
    std::string bound_to;  // the key that the code is for, as a code keeps it; empty: any
    oauth::prompt prompt;
    std::vector<std::string> acr_values;          // levels, the most wished first
    std::optional<std::chrono::seconds> max_age;  // of the request, else the client's default
    std::string login_hint;
    std::string ui_locales;
    std::string hinted_subject;  // `sub` of a proven id_token_hint
    std::string claims_json;     // as sent, proven to parse
    claims_request claims;
    authorization_details details;  // beside the scope (RFC 9396)
    arrival how;
    std::string parameters;  // what the sign-in pages carry of it (`carry`)

    [[nodiscard]] bool is_openid() const noexcept { return contains(scope, scopes::openid); }
};

// Client or redirect URI is not proven: an error page, never a redirect (RFC 6749, 4.1.2.1).
struct refused_with_page {
    web::error_page_reason reason;
    std::string detail;
    std::string application_name;
    client_id client{};  // empty while it is not known
    unsigned status = 400;
};

// Every other mistake goes back to the client.
struct refused_to_client {
    response_target target;
    std::string error;
    std::string description;
    client_id client;
};

using parsed_authorization_request =
    std::variant<authorization_request, refused_with_page, refused_to_client>;

// Judges the parameters in the order that RFC 6749, 4.1.2.1 needs: client, redirect URI, then all
// others (authorization_checks.hpp).
// `carried` is what `carry` made of them.
[[nodiscard]] parsed_authorization_request parse_authorization_request(
    const http::form& parameters, arrival how, std::string carried, policies::snapshot_ptr registry,
    const jose::key_ring& keys, const std::string& issuer);

// The refusal of a request that stands in an object which could not be read: to the client where
// the redirect URI beside the object is a registered one, else as a page.
[[nodiscard]] parsed_authorization_request refuse_unread(const http::form& outside,
                                                         policies::snapshot_ptr registry,
                                                         std::string_view error,
                                                         std::string_view description);

}  // namespace kommpass::idp::oauth
