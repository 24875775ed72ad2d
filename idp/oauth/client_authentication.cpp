#include "idp/oauth/client_authentication.hpp"

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "idp/http/basic_credentials.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/jose/hash.hpp"
#include "idp/oauth/certificate_authentication.hpp"
#include "idp/oauth/client_assertion.hpp"
#include "idp/oauth/client_keys.hpp"
#include "idp/store/replays.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/client_profile.hpp"

#include <boost/json/value.hpp>

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;
using policies::client_authentication;

// What the request presents, before anything is proven.
struct presented {
    client_authentication method = client_authentication::none;
    std::string id;
    secret_string secret;
    std::string assertion;
};

protocol_error wrong_client() {
    return token_error::invalid_client("client authentication failed");
}

protocol_result<presented> read_presented(const http::request& request, const http::form& form) {
    if (request.occurs_twice("authorization")) {
        return token_error::invalid_request("the Authorization header occurs twice");
    }
    const auto header = request.header("authorization");
    const auto post_secret = form.get("client_secret");
    const auto assertion = form.get("client_assertion");
    if ((header ? 1 : 0) + (post_secret ? 1 : 0) + (assertion ? 1 : 0) > 1) {
        return token_error::invalid_request("more than one way of client authentication was used");
    }
    presented client;
    client.id = std::string(form.get("client_id").value_or(std::string_view()));
    if (header) {
        auto basic = http::parse_basic_credentials(*header);
        if (!basic) return wrong_client();
        if (!client.id.empty() && client.id != basic->id) {
            return token_error::invalid_request("client_id differs from the Authorization header");
        }
        client.method = client_authentication::client_secret_basic;
        client.id = basic->id;
        client.secret = std::move(basic->secret);
    } else if (post_secret) {
        client.method = client_authentication::client_secret_post;
        client.secret = secret_string(*post_secret);
    } else if (assertion) {
        if (form.get("client_assertion_type") != assertion_type) {
            return token_error::invalid_request("client_assertion_type is missing or unknown");
        }
        client.method = client_authentication::private_key_jwt;
        client.assertion = std::string(*assertion);
        if (client.id.empty()) client.id = unproven_issuer(*assertion);
    }
    if (client.id.empty()) return wrong_client();
    return client;
}

bool proves_by_certificate(client_authentication registered) {
    return registered == client_authentication::tls_client_auth ||
           registered == client_authentication::self_signed_tls_client_auth;
}

bool secret_is_right(const policies::client& client, const secret_string& secret) {
    const auto hash = jose::sha256_hex(secret.reveal());
    bool right = false;
    for (const auto& registered : client.secret_sha256) {
        right = equal_in_constant_time(hash, registered) || right;
    }
    return right;
}

}  // namespace

std::string claimed_client_id(const http::request& request, const http::form& form) {
    const auto client = read_presented(request, form);
    return client ? client->id : std::string();
}

awaitable<std::optional<protocol_error>> client_authenticator::prove_by_assertion(
    const policies::client& client, const std::string& assertion) {
    const auto allowed = policies::algorithms_for(client);
    const auto claims = co_await keys_.verify(client, assertion, allowed);
    if (!claims) co_return token_error::invalid_client("client_assertion: " + claims.error());
    const auto until = judge_client_assertion(*claims, client, issuer_, time_.now());
    if (!until) co_return token_error::invalid_client(until.error());

    const std::string jti(claims->at("jti").as_string());
    const std::string scope = "client_assertion " + client.id.str();
    const auto forget_after = *until;
    auto work = [&](store::transaction& t) {
        return t.replays().first_use(scope, jti, forget_after);
    };
    const auto first = co_await memory_.write(work);
    if (!first) co_return token_error::temporarily_unavailable("the store does not answer");
    if (!*first) co_return token_error::invalid_client("client_assertion was already used");
    co_return std::nullopt;
}

awaitable<std::optional<protocol_error>> client_authenticator::prove_by_certificate(
    const policies::client& client, const http::request& request) {
    using namespace std::string_literals;
    if (request.certificate_unreadable)
        co_return token_error::invalid_request("the client certificate's header cannot be read");
    const auto& shown = request.certificate;
    const auto now = time_.now();
    std::string fault;
    if (shown.empty()) {
        fault = request.certificate_ignored
                    ? "a client certificate came in a header, but from no trusted proxy"s
                    : "a client certificate is missing: ask at the addresses of "
                      "mtls_endpoint_aliases"s;
    } else if (client.authentication == client_authentication::tls_client_auth) {
        fault = authorities_.why_not(shown, now);
        if (fault.empty()) fault = fault_of_subject(client, shown);
    } else {
        const auto document = co_await keys_.of(client);
        fault = document ? fault_of_self_signed((*document)->json, shown, now) : document.error();
        if (!fault.empty() && !client.jwks_uri.empty()) {
            const auto newer = co_await keys_.looked_up_anew(client);
            if (newer) fault = fault_of_self_signed((*newer)->json, shown, now);
        }
    }
    if (!fault.empty()) co_return token_error::invalid_client(fault);
    co_return std::nullopt;
}

awaitable<client_authenticator::proven> client_authenticator::authenticate(
    const http::request& request, const http::form& form) {
    auto shown = read_presented(request, form);
    if (!shown) co_return shown.error();

    authenticated_client found{registry_.get(), nullptr, nullptr};
    const auto entry = found.registry->find_client(shown->id);
    if (entry.registered == nullptr) co_return wrong_client();
    const auto registered = entry.registered->authentication;
    // A certificate is shown by the connection, so that the form says nothing but who it is.
    const bool by_certificate =
        proves_by_certificate(registered) && shown->method == client_authentication::none;
    if (registered != shown->method && !by_certificate) co_return wrong_client();
    found.client = entry.registered;
    found.application = entry.owner;

    switch (registered) {
        case client_authentication::client_secret_basic:
        case client_authentication::client_secret_post:
            if (!secret_is_right(*found.client, shown->secret)) co_return wrong_client();
            break;
        case client_authentication::private_key_jwt: {
            const auto fault = co_await prove_by_assertion(*found.client, shown->assertion);
            if (fault) co_return *fault;
            break;
        }
        case client_authentication::tls_client_auth:
        case client_authentication::self_signed_tls_client_auth: {
            const auto fault = co_await prove_by_certificate(*found.client, request);
            if (fault) co_return *fault;
            break;
        }
        case client_authentication::none:
            break;
    }
    co_return found;
}

}  // namespace kommpass::idp::oauth
