#include "directory/connection_pool.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <mutex>
#include <optional>

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

constexpr milliseconds first_back_off{250};
constexpr milliseconds longest_back_off{10'000};

constexpr milliseconds back_off_of_mistakes{
    60'000};  // a refused service account must not be locked by us

// What a waiting coroutine owns of an attempt: nothing of it may outlive the io_context.
struct awaited_handle {
    explicit awaited_handle(boost::asio::io_context& io) : done(io) {}
    boost::asio::steady_timer done;
    std::optional<result<ldap_handle, connect_failure>> outcome;
};

}  // namespace

// What the coroutine shares with the worker thread that connects for it. The worker may be late:
// then nobody is waiting any more, the way back is closed, and what it brings ends with it.
struct connection_pool::attempt {
    connect_watch watch;

    void open_way_back(boost::asio::io_context& io, std::weak_ptr<awaited_handle> to) {
        const std::lock_guard lock(mutex_);
        io_ = &io;
        to_ = std::move(to);
    }
    void close_way_back() {
        const std::lock_guard lock(mutex_);
        io_ = nullptr;
    }
    void bring(result<ldap_handle, connect_failure> outcome) {
        const std::lock_guard lock(mutex_);
        if (io_ == nullptr) return;
        boost::asio::post(*io_, [to = to_, brought = std::move(outcome)]() mutable {
            const auto waiting = to.lock();
            if (!waiting) return;
            waiting->outcome = std::move(brought);
            waiting->done.cancel();
        });
    }

private:
    std::mutex mutex_;
    boost::asio::io_context* io_ = nullptr;
    std::weak_ptr<awaited_handle> to_;
};

connection_pool::connection_pool(boost::asio::io_context& io, connect_workers& workers,
                                 std::shared_ptr<const directory_settings> settings, purpose what,
                                 sharing how, std::size_t most)
    : io_(io),
      workers_(workers),
      settings_(std::move(settings)),
      purpose_(what),
      sharing_(how),
      most_(most),
      jitter_(static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(this))) {}

void connection_pool::drop_closed() {
    const auto is_closed = [](const auto& one) { return !one->is_open(); };
    std::erase_if(open_, is_closed);
    std::erase_if(idle_, is_closed);
}

std::shared_ptr<ldap_connection> connection_pool::least_busy() {
    const auto found = std::min_element(
        open_.begin(), open_.end(),
        [](const auto& a, const auto& b) { return a->in_flight() < b->in_flight(); });
    return found == open_.end() ? nullptr : *found;
}

awaitable<pooled> connection_pool::share(steady_time deadline) {
    drop_closed();
    if (auto found = least_busy()) {
        const bool worth_another =
            found->in_flight() > 16 && open_.size() + connecting_ < most_ && !in_back_off();
        if (worth_another) connect_one();
        co_return found;
    }
    if (in_back_off()) co_return last_failure_;
    if (connecting_ == 0) connect_one();
    co_return co_await wait(deadline);
}

awaitable<pooled> connection_pool::take(steady_time deadline) {
    drop_closed();
    if (!idle_.empty()) {
        auto found =
            std::move(idle_.back());  // the one used last is the least likely to have been cut
        idle_.pop_back();
        co_return found;
    }
    if (open_.empty() && in_back_off()) co_return last_failure_;
    if (open_.size() + connecting_ < most_ && connecting_ <= waiting_.size() && !in_back_off())
        connect_one();
    co_return co_await wait(deadline);
}

awaitable<pooled> connection_pool::wait(steady_time deadline) {
    const auto self = shared_from_this();
    const auto own = std::make_shared<waiter>(io_);
    waiting_.push_back(own);
    own->wake.expires_at(deadline);
    boost::system::error_code woken;
    co_await own->wake.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    if (own->got) co_return std::move(own->got);
    if (own->failed) co_return *own->failed;
    std::erase(waiting_, own);
    co_return pool_failure{pool_error::timeout, "no connection within the deadline"};
}

void connection_pool::give_back(std::shared_ptr<ldap_connection> connection) {
    if (stopped_ || !connection->is_open()) {
        connection->close();
        drop_closed();
        if (!stopped_ && !waiting_.empty() && open_.size() + connecting_ < most_) connect_one();
        return;
    }
    connected(std::move(connection));
}

// Hands a connection that is free to who waits longest, or keeps it.
void connection_pool::connected(std::shared_ptr<ldap_connection> connection) {
    if (sharing_ == sharing::shared) {
        for (const auto& one : std::exchange(waiting_, {})) {
            one->got = connection;
            one->wake.cancel();
        }
        return;
    }
    if (waiting_.empty()) {
        idle_.push_back(std::move(connection));
        return;
    }
    const auto first = std::move(waiting_.front());
    waiting_.pop_front();
    first->got = std::move(connection);
    first->wake.cancel();
}

void connection_pool::failed(pool_failure failure) {
    failures_in_a_row_ = std::min(failures_in_a_row_ + 1, 16U);
    const auto back_off =
        failure.error == pool_error::misconfigured
            ? back_off_of_mistakes
            : std::min(first_back_off * (1 << std::min(failures_in_a_row_ - 1, 8U)),
                       longest_back_off);
    std::uniform_int_distribution<long> spread(0, back_off.count() / 2);
    retry_at_ = steady::now() + back_off / 2 + milliseconds(spread(jitter_));
    last_failure_ = std::move(failure);
    // Whoever could still get a connection that is in use goes on waiting for it.
    if (sharing_ == sharing::exclusive && !open_.empty()) return;
    for (const auto& one : std::exchange(waiting_, {})) {
        one->failed = std::make_shared<pool_failure>(last_failure_);
        one->wake.cancel();
    }
}

bool connection_pool::in_back_off() const {
    return failures_in_a_row_ > 0 && steady::now() < retry_at_;
}

void connection_pool::connect_one() {
    if (stopped_) return;
    ++connecting_;
    auto self = shared_from_this();
    boost::asio::co_spawn(
        io_, [self]() -> awaitable<void> { co_await self->connect_in_turn(); },
        boost::asio::detached);
}

awaitable<void> connection_pool::connect_in_turn() {
    pool_failure last{pool_error::unavailable, "no server is named"};
    const auto count = settings_->urls.size();
    for (std::size_t i = 0; i < count; ++i) {
        const auto index = (preferred_url_ + i) % count;
        auto opened = co_await connect_to(settings_->urls[index]);
        if (opened) {
            --connecting_;
            if (stopped_) co_return;
            preferred_url_ = index;
            failures_in_a_row_ = 0;
            auto connection = std::make_shared<ldap_connection>(io_, std::move(*opened));
            connection->start();
            open_.push_back(connection);
            connected(std::move(connection));
            co_return;
        }
        const bool ours = opened.error().error == connect_error::misconfigured;
        last = {ours ? pool_error::misconfigured : pool_error::unavailable, opened.error().detail};
        if (stopped_) break;
    }
    --connecting_;
    failed(std::move(last));
}

awaitable<result<ldap_handle, connect_failure>> connection_pool::connect_to(
    const std::string& url) {
    const auto waiting = std::make_shared<awaited_handle>(io_);
    const auto trying = std::make_shared<attempt>();
    trying->open_way_back(io_, waiting);
    std::erase_if(attempts_, [](const auto& one) { return one.expired(); });
    attempts_.push_back(trying);
    waiting->done.expires_after(settings_->connect_timeout);
    workers_.run([trying, settings = settings_, url, what = purpose_] {
        trying->bring(open_handle(*settings, url, what, trying->watch));
    });
    boost::system::error_code woken;
    co_await waiting->done.async_wait(
        boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    trying->close_way_back();
    if (waiting->outcome) co_return std::move(*waiting->outcome);
    trying->watch.cut();
    co_return connect_failure{connect_error::unreachable,
                              url + ": no connection within the connect timeout"};
}

void connection_pool::stop() {
    stopped_ = true;
    for (const auto& one : attempts_) {
        if (const auto trying = one.lock()) trying->watch.cut();
    }
    for (const auto& one : std::exchange(open_, {})) one->close();
    idle_.clear();
    failed({pool_error::unavailable, "the directory is not used any more"});
}

connection_pool::~connection_pool() {
    for (const auto& one : open_) one->close();
}

}  // namespace kommpass::directory
