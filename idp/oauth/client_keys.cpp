#include "idp/oauth/client_keys.hpp"

#include "policies/registry.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace kommpass::idp::oauth {
namespace {

namespace asio = boost::asio;

constexpr auto fresh_for = std::chrono::hours(1);
constexpr auto kept_for = std::chrono::hours(24);
constexpr auto pause_between = std::chrono::seconds(30);
constexpr std::size_t longest = 16 * 1024;
constexpr auto media_types = "application/jwk-set+json, application/json";
// Of addresses; more than there are clients that publish keys anywhere.
constexpr std::size_t most_kept = 1000;

result<client_keys::document_ptr, std::string> parsed(std::string json) {
    auto keys = jose::parse_jwks(json);
    if (!keys) return keys.error();
    return std::make_shared<const client_keys::key_document>(
        client_keys::key_document{std::move(json), std::move(*keys)});
}

}  // namespace

client_keys::client_keys(const clock& time, document_getter get)
    : time_(time), get_(std::move(get)) {}

client_keys::found client_keys::of(const policies::client& client) {
    if (client.jwks_uri.empty()) co_return parsed(client.jwks);
    co_return co_await fetched(client.jwks_uri, demand::any);
}

client_keys::found client_keys::looked_up_anew(const policies::client& client) {
    if (client.jwks_uri.empty()) co_return parsed(client.jwks);
    co_return co_await fetched(client.jwks_uri, demand::newer);
}

asio::awaitable<result<boost::json::object, std::string>> client_keys::verify(
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

client_keys::entry_ptr client_keys::entry_of(const std::string& uri) {
    const auto known = by_address_.find(uri);
    if (known != by_address_.end()) return known->second;
    if (by_address_.size() >= most_kept)
        std::erase_if(by_address_, [](const auto& one) { return !one.second->under_way; });
    return by_address_.emplace(uri, std::make_shared<published>()).first->second;
}

result<client_keys::document_ptr, std::string> client_keys::now_known(
    const std::string& uri, const published& entry) const {
    if (entry.document && time_.now() < entry.fetched_at + kept_for) return entry.document;
    return "the keys at " + uri + " are not known: " + entry.trouble;
}

asio::awaitable<void> client_keys::until_done(entry_ptr entry) {
    const auto executor = co_await asio::this_coro::executor;
    auto initiate = [this, entry, executor](auto handler) {
        auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
        auto guard = asio::make_work_guard(executor);
        auto wake = [waiting, guard, executor] {
            asio::post(executor, [waiting] { std::move (*waiting)(); });
        };
        {
            const std::lock_guard lock(mutex_);
            if (entry->under_way) return entry->waiting.push_back(std::move(wake));
        }
        wake();
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(initiate),
                                                                         asio::use_awaitable);
}

// One of those who ask at the same time fetches; the others wait for it, wherever they run.
client_keys::found client_keys::fetched(std::string uri, demand wanted) {
    entry_ptr entry;
    bool is_mine = false;
    {
        const std::lock_guard lock(mutex_);
        const auto now = time_.now();
        entry = entry_of(uri);
        const bool fresh = entry->document && now < entry->fetched_at + fresh_for;
        if (wanted == demand::any && fresh) co_return entry->document;
        if (!entry->under_way && now < entry->tried_at + pause_between)
            co_return now_known(uri, *entry);
        is_mine = !entry->under_way;
        entry->under_way = true;
        if (is_mine) entry->tried_at = now;
    }
    if (!is_mine) {
        co_await until_done(entry);
        const std::lock_guard lock(mutex_);
        co_return now_known(uri, *entry);
    }
    outgoing::fetch what{uri, media_types, longest};
    const auto got = co_await get_(std::move(what));
    auto document = got ? parsed(got->body)
                        : result<document_ptr, std::string>(std::string(got.error().message));
    co_return end_of_fetch(uri, *entry, std::move(document));
}

result<client_keys::document_ptr, std::string> client_keys::end_of_fetch(
    const std::string& uri, published& entry, result<document_ptr, std::string> document) {
    std::vector<std::function<void()>> waiting;
    const std::lock_guard lock(mutex_);
    entry.under_way = false;
    entry.waiting.swap(waiting);
    entry.trouble = document ? std::string() : document.error();
    if (document) {
        entry.document = std::move(*document);
        entry.fetched_at = time_.now();
    }
    for (const auto& wake : waiting) wake();  // each only posts
    return now_known(uri, entry);
}

}  // namespace kommpass::idp::oauth
