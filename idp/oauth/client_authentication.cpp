#include "idp/oauth/client_authentication.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/http/basic_credentials.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "idp/jose/hash.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;
using policies::client_authentication;

constexpr std::string_view assertion_type =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
constexpr std::array allowed_algorithms{jose::algorithm::es256, jose::algorithm::ps256,
                                        jose::algorithm::rs256, jose::algorithm::eddsa};
constexpr auto longest_assertion_life = std::chrono::hours(1);
constexpr auto accepted_skew = std::chrono::seconds(10);

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

// The `iss` of an assertion that is not verified yet: only to find the client whose keys verify it.
std::string unproven_issuer(std::string_view assertion) {
    const auto first = assertion.find('.');
    const auto second = assertion.find('.', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos) return {};
    const auto payload = base64url::decode(assertion.substr(first + 1, second - first - 1));
    const auto claims = payload ? jose::parse_strict_object(*payload) : jose::jwt_error::malformed;
    const auto* issuer = claims ? claims->if_contains("iss") : nullptr;
    return issuer != nullptr && issuer->is_string() ? std::string(issuer->get_string())
                                                    : std::string();
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

}  // namespace

std::string claimed_client_id(const http::request& request, const http::form& form) {
    const auto client = read_presented(request, form);
    return client ? client->id : std::string();
}

namespace {

bool secret_is_right(const policies::client& client, const secret_string& secret) {
    const auto hash = jose::sha256_hex(secret.reveal());
    bool right = false;
    for (const auto& registered : client.secret_sha256) {
        right = equal_in_constant_time(hash, registered) || right;
    }
    return right;
}

// The registry keeps the keys as text; parsing them for each request is paid only by clients that
// use assertions.
result<boost::json::object, std::string> verify_assertion(const policies::client& client,
                                                          std::string_view assertion) {
    const auto keys = jose::parse_jwks(client.jwks);
    if (!keys) return keys.error();
    auto claims = (*keys)->verify(assertion, allowed_algorithms);
    if (!claims) return std::string("client_assertion has no valid signature of the client");
    return std::move(*claims);
}

// Nothing if the assertion proves the client.
awaitable<std::optional<protocol_error>> prove_by_assertion(provider& p,
                                                            const policies::client& client,
                                                            const std::string& assertion) {
    const auto claims = verify_assertion(client, assertion);
    if (!claims) co_return token_error::invalid_client(claims.error());
    const auto now = p.time.now();
    const auto until = judge_client_assertion(*claims, client.id.view(), p.settings.issuer, now);
    if (!until) co_return token_error::invalid_client(until.error());

    const std::string jti(claims->at("jti").as_string());
    const std::string scope = "client_assertion " + client.id.str();
    const auto forget_after = *until;
    auto work = [&](store::transaction& t) {
        return t.replays().first_use(scope, jti, forget_after);
    };
    const auto first = co_await p.memory.write(work);
    if (!first) co_return token_error::temporarily_unavailable("the store does not answer");
    if (!*first) co_return token_error::invalid_client("client_assertion was already used");
    co_return std::nullopt;
}

bool names_us(const boost::json::value& audience, const std::string& issuer) {
    const auto is_ours = [&](const boost::json::value& one) {
        if (!one.is_string()) return false;
        const std::string_view name = one.get_string();
        return name == issuer || name == issuer + "/token";
    };
    if (audience.is_array()) {
        const auto& list = audience.get_array();
        return std::any_of(list.begin(), list.end(), is_ours);
    }
    return is_ours(audience);
}

std::optional<long long> seconds_of(const boost::json::object& claims, std::string_view name) {
    const auto* value = claims.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (value->is_int64()) return value->get_int64();
    if (value->is_double() && value->get_double() < 1e12 && value->get_double() > 0) {
        return static_cast<long long>(value->get_double());
    }
    return std::nullopt;
}

bool text_equals(const boost::json::object& claims, std::string_view name,
                 std::string_view expected) {
    const auto* value = claims.if_contains(name);
    return value != nullptr && value->is_string() && value->get_string() == expected;
}

}  // namespace

result<instant, std::string> judge_client_assertion(const boost::json::object& claims,
                                                    std::string_view id, const std::string& issuer,
                                                    instant now) {
    using namespace std::string_literals;
    if (!text_equals(claims, "iss", id) || !text_equals(claims, "sub", id)) {
        return "client_assertion: iss and sub must be the client_id"s;
    }
    const auto* audience = claims.if_contains("aud");
    if (audience == nullptr || !names_us(*audience, issuer)) {
        return "client_assertion: aud must be the issuer"s;
    }
    const auto expires = seconds_of(claims, "exp");
    if (!expires || from_unix_seconds(*expires) + accepted_skew <= now)
        return "client_assertion: expired"s;
    if (from_unix_seconds(*expires) > now + longest_assertion_life) {
        return "client_assertion: exp is more than an hour ahead"s;
    }
    for (const auto* name : {"nbf", "iat"}) {
        const auto at = seconds_of(claims, name);
        if (claims.contains(name) && (!at || from_unix_seconds(*at) > now + accepted_skew)) {
            return "client_assertion: "s + name + " lies in the future";
        }
    }
    const auto* jti = claims.if_contains("jti");
    if (jti == nullptr || !jti->is_string() || jti->get_string().empty() ||
        jti->get_string().size() > 255) {
        return "client_assertion: jti is missing"s;
    }
    return from_unix_seconds(*expires) + accepted_skew;
}

awaitable<protocol_result<authenticated_client>> authenticate_client(provider& p,
                                                                     const http::request& request,
                                                                     const http::form& form) {
    auto shown = read_presented(request, form);
    if (!shown) co_return shown.error();

    authenticated_client found{p.registry.get(), nullptr, nullptr};
    const auto entry = found.registry->find_client(shown->id);
    if (entry.registered == nullptr || entry.registered->authentication != shown->method) {
        co_return wrong_client();
    }
    found.client = entry.registered;
    found.application = entry.owner;

    switch (shown->method) {
        case client_authentication::client_secret_basic:
        case client_authentication::client_secret_post:
            if (!secret_is_right(*found.client, shown->secret)) co_return wrong_client();
            break;
        case client_authentication::private_key_jwt: {
            const auto refused = co_await prove_by_assertion(p, *found.client, shown->assertion);
            if (refused) co_return *refused;
            break;
        }
        case client_authentication::none:
            break;
    }
    co_return found;
}

}  // namespace kommpass::idp::oauth
