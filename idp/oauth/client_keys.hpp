#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/result.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "idp/outgoing/https_caller.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::policies {
struct client;
}

namespace kommpass::idp::oauth {

// How a document is fetched: `https_caller::get` in the service.
using document_getter =
    std::function<boost::asio::awaitable<result<outgoing::fetched, outgoing::call_failure>>(
        outgoing::fetch)>;

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
    client_keys(const client_keys&) = delete;

    [[nodiscard]] found of(const policies::client&);
    // After a key was met that `of` did not give.
    [[nodiscard]] found looked_up_anew(const policies::client&);

    // The claims of a JWT that one of the client's keys signed, in one of these algorithms.
    [[nodiscard]] boost::asio::awaitable<result<boost::json::object, std::string>> verify(
        const policies::client&, std::string_view jws, std::span<const jose::algorithm> allowed);

private:
    struct published {
        document_ptr document;  // null: never fetched, or too long ago
        instant fetched_at{};
        instant tried_at{};
        std::string trouble;  // of the last try; empty: it went well
        bool under_way = false;
        std::vector<std::function<void()>> waiting;  // for what is under way
    };
    using entry_ptr = std::shared_ptr<published>;
    enum class demand { any, newer };

    [[nodiscard]] found fetched(std::string uri, demand);
    [[nodiscard]] boost::asio::awaitable<void> until_done(entry_ptr);
    // Writes down what came of a fetch, and lets everybody go on who waited for it.
    [[nodiscard]] result<document_ptr, std::string> end_of_fetch(const std::string& uri, published&,
                                                                 result<document_ptr, std::string>);
    // Under the lock: what there is now, or why there is nothing.
    [[nodiscard]] result<document_ptr, std::string> now_known(const std::string& uri,
                                                              const published&) const;
    [[nodiscard]] entry_ptr entry_of(const std::string& uri);

    const clock& time_;
    document_getter get_;
    std::mutex mutex_;
    std::map<std::string, entry_ptr> by_address_;
};

}  // namespace kommpass::idp::oauth
