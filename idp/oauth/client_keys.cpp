#include "idp/oauth/client_keys.hpp"

#include "idp/oauth/published_documents.hpp"
#include "policies/registry.hpp"

namespace kommpass::idp::oauth {
namespace {

using demand = published_documents<client_keys::key_document>::demand;

constexpr keeping_times times{std::chrono::hours(1), std::chrono::hours(24)};
constexpr std::size_t longest = 16 * 1024;
constexpr auto media_types = "application/jwk-set+json, application/json";

result<client_keys::document_ptr, std::string> parsed(std::string json) {
    auto keys = jose::parse_jwks(json);
    if (!keys) return keys.error();
    return std::make_shared<const client_keys::key_document>(
        client_keys::key_document{std::move(json), std::move(*keys)});
}

}  // namespace

client_keys::client_keys(const clock& time, document_getter get)
    : published_(std::make_unique<published_documents<key_document>>(
          time, std::move(get), "the keys", outgoing::fetch{{}, media_types, longest},
          [](outgoing::fetched got) { return parsed(std::move(got.body)); })) {}

client_keys::~client_keys() = default;

client_keys::found client_keys::of(const policies::client& client) {
    if (client.jwks_uri.empty()) co_return parsed(client.jwks);
    co_return co_await published_->find(client.jwks_uri, times, demand::any);
}

client_keys::found client_keys::looked_up_anew(const policies::client& client) {
    if (client.jwks_uri.empty()) co_return parsed(client.jwks);
    co_return co_await published_->find(client.jwks_uri, times, demand::newer);
}

boost::asio::awaitable<result<boost::json::object, std::string>> client_keys::verify(
    const policies::client& client, std::string_view jws,
    std::span<const jose::algorithm> allowed) {
    auto document = co_await of(client);
    if (!document) co_return document.error();
    auto claims = (*document)->keys->verify(jws, allowed);
    if (!claims && claims.error() == jose::jwt_error::unknown_key && !client.jwks_uri.empty()) {
        document = co_await looked_up_anew(client);
        if (!document) co_return document.error();
        claims = (*document)->keys->verify(jws, allowed);
    }
    if (claims) co_return std::move(*claims);
    switch (claims.error()) {
        case jose::jwt_error::algorithm_refused:
            co_return std::string("alg is none that this client may sign with");
        case jose::jwt_error::unknown_key:
            co_return std::string("none of the client's keys fits kid and alg");
        default:
            co_return std::string("it has no valid signature of the client");
    }
}

}  // namespace kommpass::idp::oauth
