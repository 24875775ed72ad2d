#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/result.hpp"
#include "idp/oauth/document_getter.hpp"
#include "idp/oauth/redirect_uri.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace kommpass::idp::oauth {

// How long what was fetched is used without asking again, and how long where the client's server
// does not answer.
struct keeping_times {
    std::chrono::seconds fresh_for;
    std::chrono::seconds kept_for;
};

// What clients publish at addresses of theirs, fetched seldom: however many ask, one fetch at a
// time for one address, none within 30 s of the last, few at one host, and no more in all than
// leaves connections for other documents where many servers hang. `Document` is what `read` makes
// of a fetch. For all I/O threads; thread-safe.
template <class Document>
class published_documents {
public:
    using document_ptr = std::shared_ptr<const Document>;
    // An error is a sentence for whoever operates the client.
    using outcome = result<document_ptr, std::string>;
    using reader = std::function<outcome(outgoing::fetched)>;
    enum class demand { any, newer };

    // `what`: for errors, "the keys". `fetch`: without its address.
    published_documents(const clock& time, document_getter get, std::string what,
                        outgoing::fetch how, reader read)
        : time_(time),
          get_(std::move(get)),
          what_(std::move(what)),
          how_(std::move(how)),
          read_(std::move(read)) {}
    published_documents(const published_documents&) = delete;

    // One of those who ask at the same time fetches; the others wait for it, wherever they run.
    [[nodiscard]] boost::asio::awaitable<outcome> find(std::string uri, keeping_times times,
                                                       demand wanted) {
        entry_ptr entry;
        bool is_mine = false;
        {
            const std::lock_guard lock(mutex_);
            const auto now = time_.now();
            entry = entry_of(uri);
            const bool fresh = entry->document && now < entry->fetched_at + times.fresh_for;
            if (wanted == demand::any && fresh) co_return entry->document;
            if (!entry->under_way && now < entry->tried_at + pause_between)
                co_return now_known(uri, *entry, times);
            if (!entry->under_way && !has_room_for(uri))
                co_return what_ + " at " + uri + " are not fetched: too many others are under way";
            is_mine = !entry->under_way;
            entry->under_way = true;
            if (is_mine) {
                entry->tried_at = now;
                ++under_way_;
            }
        }
        if (!is_mine) {
            co_await until_done(entry);
            const std::lock_guard lock(mutex_);
            co_return now_known(uri, *entry, times);
        }
        auto what = how_;
        what.uri = uri;
        auto got = co_await get_(std::move(what));
        auto document = got ? read_(std::move(*got)) : outcome(std::string(got.error().message));
        co_return end_of_fetch(uri, *entry, std::move(document), times);
    }

private:
    static constexpr auto pause_between = std::chrono::seconds(30);
    // Of addresses; more than there are clients that publish anything.
    static constexpr std::size_t most_kept = 1000;
    // Less than half of the connections that `https_caller` opens: keys and requests together leave
    // some for logouts.
    static constexpr std::size_t most_under_way = 100;
    // Of it, so that nobody who registered many addresses of one server takes all.
    static constexpr std::size_t most_at_one_host = 10;

    struct published {
        document_ptr document;  // null: never fetched
        instant fetched_at{};
        instant tried_at{};
        std::string trouble;  // of the last try; empty: it went well
        bool under_way = false;
        std::vector<std::function<void()>> waiting;  // for what is under way
    };
    using entry_ptr = std::shared_ptr<published>;

    entry_ptr entry_of(const std::string& uri) {
        const auto known = by_address_.find(uri);
        if (known != by_address_.end()) return known->second;
        if (by_address_.size() >= most_kept)
            std::erase_if(by_address_, [](const auto& one) { return !one.second->under_way; });
        return by_address_.emplace(uri, std::make_shared<published>()).first->second;
    }

    // Under the lock.
    bool has_room_for(const std::string& uri) const {
        const auto host = place_of(uri);
        const auto there = std::count_if(
            by_address_.begin(), by_address_.end(),
            [&](const auto& one) { return one.second->under_way && place_of(one.first) == host; });
        return under_way_ < most_under_way && static_cast<std::size_t>(there) < most_at_one_host;
    }

    // Under the lock: what there is now, or why there is nothing.
    outcome now_known(const std::string& uri, const published& entry, keeping_times times) const {
        if (entry.document && time_.now() < entry.fetched_at + times.kept_for)
            return entry.document;
        return what_ + " at " + uri + " are not known: " + entry.trouble;
    }

    boost::asio::awaitable<void> until_done(entry_ptr entry) {
        namespace asio = boost::asio;
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

    // Writes down what came of a fetch, and lets everybody go on who waited for it.
    outcome end_of_fetch(const std::string& uri, published& entry, outcome document,
                         keeping_times times) {
        std::vector<std::function<void()>> waiting;
        const std::lock_guard lock(mutex_);
        entry.under_way = false;
        --under_way_;
        entry.waiting.swap(waiting);
        entry.trouble = document ? std::string() : document.error();
        if (document) {
            entry.document = std::move(*document);
            entry.fetched_at = time_.now();
        }
        for (const auto& wake : waiting) wake();  // each only posts
        return now_known(uri, entry, times);
    }

    const clock& time_;
    document_getter get_;
    std::string what_;
    outgoing::fetch how_;
    reader read_;
    std::mutex mutex_;
    std::map<std::string, entry_ptr> by_address_;
    std::size_t under_way_ = 0;
};

}  // namespace kommpass::idp::oauth
