#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/result.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "idp/oauth/document_getter.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace kommpass::policies {
struct client;
}

namespace kommpass::idp::oauth {

template <class Document>
class published_documents;

// The public keys of a client: those in the registry, or those that it publishes itself
// (`jwks_uri`; OpenID Connect Core, 10.1). What was fetched is kept for an hour, and for a day
// while the client's server is down; a key that is not among them is looked for anew. However many
// ask, and whoever sends tokens with invented `kid`s: one fetch at a time for one address, and none
// within 30 s of the last. For all I/O threads; thread-safe.
class client_keys {
public:
    struct key_document {
        std::string json;  // as published
        std::shared_ptr<const jose::public_key_set> keys;
    };
    using document_ptr = std::shared_ptr<const key_document>;
    // An error is a sentence for whoever operates the client.
    using found = boost::asio::awaitable<result<document_ptr, std::string>>;

    client_keys(const clock& time, document_getter get);
    ~client_keys();
    client_keys(const client_keys&) = delete;

    [[nodiscard]] found of(const policies::client&);
    // After a key was met that `of` did not give.
    [[nodiscard]] found looked_up_anew(const policies::client&);

    // The claims of a JWT that one of the client's keys signed, in one of these algorithms.
    [[nodiscard]] boost::asio::awaitable<result<boost::json::object, std::string>> verify(
        const policies::client&, std::string_view jws, std::span<const jose::algorithm> allowed);

private:
    const std::unique_ptr<published_documents<key_document>> published_;
};

}  // namespace kommpass::idp::oauth
