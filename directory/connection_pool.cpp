#include "directory/connection_pool.hpp"

#include "directory/careful_opening.hpp"

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

constexpr std::size_t busy = 16;  // operations in flight that make another connection worth while

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
                                 std::shared_ptr<const directory_settings> settings,
                                 std::shared_ptr<replica_health> health,
                                 std::shared_ptr<member_counters> counters, purpose what,
                                 sharing how, std::size_t most)
    : io_(io),
      workers_(workers),
      settings_(std::move(settings)),
      health_(std::move(health)),
      counters_(std::move(counters)),
      purpose_(what),
      sharing_(how),
      most_(most) {}

void connection_pool::drop_closed() {
    close_retired();
    const auto is_closed = [](const auto& one) { return !one->is_open(); };
    std::erase_if(open_, is_closed);
    std::erase_if(idle_, is_closed);
}

std::shared_ptr<ldap_connection> connection_pool::least_busy() {
    const auto now = steady::now();
    const auto rank = [&](const auto& one) {
        return std::pair(!health_->is_usable(one->replica(), now), one->in_flight());
    };
    const auto found =
        std::min_element(open_.begin(), open_.end(),
                         [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
    if (found == open_.end() || rank(*found).first) return nullptr;
    // The next asker begins with the next one, so that equals take turns.
    std::rotate(open_.begin(), found + 1, open_.end());
    return open_.back();
}

bool connection_pool::worth_another(const ldap_connection& least_busy) const {
    if (connecting_ > 0 || all_breakers_open()) return false;
    const bool balanced = settings_->order == replica_order::balanced;
    if (balanced && open_.size() < health_->size())
        return health_->has_other(least_busy.replica(), steady::now());
    return least_busy.in_flight() > busy && open_.size() < most_;
}

awaitable<pooled> connection_pool::share(steady_time deadline) {
    drop_closed();
    if (auto found = least_busy()) {
        if (worth_another(*found)) connect_one();
        co_return found;
    }
    if (connecting_ == 0) {
        if (!is_worth_an_attempt()) co_return said_before();
        connect_one();
    }
    co_return co_await wait(deadline);
}

// The one used last is the least likely to have been cut. Those to a server that fails are let go.
std::shared_ptr<ldap_connection> connection_pool::take_idle() {
    const bool balanced = settings_->order == replica_order::balanced;
    while (!idle_.empty()) {
        auto found = std::move(balanced ? idle_.front() : idle_.back());
        balanced ? idle_.pop_front() : idle_.pop_back();
        if (health_->is_usable(found->replica(), steady::now())) return found;
        found->close();
    }
    drop_closed();
    return nullptr;
}

awaitable<pooled> connection_pool::take(steady_time deadline) {
    drop_closed();
    if (auto found = take_idle()) co_return found;
    const bool refused = !is_worth_an_attempt();
    if (open_.empty() && connecting_ == 0 && refused) co_return said_before();
    if (open_.size() + connecting_ < most_ && connecting_ <= waiting_.size() && !refused)
        connect_one();
    co_return co_await wait(deadline);
}

awaitable<pooled> connection_pool::wait(steady_time deadline) {
    const auto self = shared_from_this();
    const auto own = std::make_shared<waiter>(io_);
    waiting_.push_back(own);
    own->wake.expires_at(deadline);
    boost::system::error_code woken;
    counters_->waiting.fetch_add(1, std::memory_order_relaxed);
    co_await own->wake.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    counters_->waiting.fetch_sub(1, std::memory_order_relaxed);
    if (own->got) co_return std::move(own->got);
    if (own->failed) co_return *own->failed;
    std::erase(waiting_, own);
    co_return pool_failure{pool_error::timeout, "no connection within the deadline"};
}

void connection_pool::give_back(std::shared_ptr<ldap_connection> connection) {
    if (std::erase(retiring_, connection) > 0) return connection->close();
    if (stopped_ || !connection->is_open()) {
        connection->close();
        drop_closed();
        const bool wanted = !stopped_ && !waiting_.empty();
        if (wanted && open_.size() + connecting_ < most_) connect_one();
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

// No server took the connection.
void connection_pool::failed() {
    // Whoever could still get a connection that is in use goes on waiting for it.
    if (sharing_ == sharing::exclusive && !open_.empty()) return;
    for (const auto& one : std::exchange(waiting_, {})) {
        one->failed = std::make_shared<pool_failure>(last_failure_);
        one->wake.cancel();
    }
}

bool connection_pool::all_breakers_open() const {
    return !health_->has_other(health_->size(), steady::now());
}

bool connection_pool::is_worth_an_attempt() const {
    return !all_breakers_open() || health_->may_be_mended();
}

// For who comes while nobody is asked: an old failure is not told as a new one.
pool_failure connection_pool::said_before() const {
    if (last_failed_at_ == steady_time()) return last_failure_;
    using std::chrono::duration_cast;
    const auto ago = duration_cast<milliseconds>(steady::now() - last_failed_at_).count();
    return {last_failure_.error,
            "not asked again, " + std::to_string(ago) + " ms ago: " + last_failure_.detail};
}

void connection_pool::note(const connect_failure& why, std::size_t replica) {
    const bool ours = why.error == connect_error::misconfigured;
    if (ours)
        health_->refused(replica, why.asked);
    else
        health_->failed(replica, why.kind, steady::now());
    last_failure_ = {ours ? pool_error::misconfigured : pool_error::unavailable, why.detail};
    last_failed_at_ = steady::now();
}

void connection_pool::close_silent_since(steady_time then) {
    for (const auto& one : open_) {
        if (one->in_flight() == 0 && one->last_heard() <= then) one->close();
    }
    drop_closed();
}

void connection_pool::give_up(const std::shared_ptr<ldap_connection>& connection,
                              failure_kind kind) {
    const std::string where = connection->url() + " (" + connection->peer().text() + "): ";
    last_failure_ = {pool_error::unavailable, where + std::string(name_of(kind))};
    last_failed_at_ = steady::now();
    workers_.addresses().failed(connection->peer());
    health_->failed(connection->replica(), kind, steady::now());
    connection->close();
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
    for (const auto replica : health_->candidates(steady::now())) {
        if (stopped_) break;
        // Judged again: an attempt of somebody else may have failed meanwhile.
        const auto now = steady::now();
        const bool others = health_->has_other(replica, now);
        const auto limit = others ? std::min(settings_->connect_timeout, settings_->failover_after)
                                  : settings_->connect_timeout;
        auto connection = co_await try_replica(replica, limit);
        if (connection == nullptr) continue;
        --connecting_;
        if (stopped_) co_return;
        open_.push_back(connection);
        connected(std::move(connection));
        co_return;
    }
    --connecting_;
    failed();
}

// Null if it failed; the breaker and `last_failure_` know why.
awaitable<std::shared_ptr<ldap_connection>> connection_pool::try_replica(std::size_t replica,
                                                                         milliseconds limit) {
    health_->attempt(replica, steady::now());
    auto opened = co_await connect_to(health_->url(replica), limit);
    if (!opened) {
        note(opened.error(), replica);
        co_return nullptr;
    }
    health_->succeeded(replica);
    if (stopped_) co_return nullptr;
    auto connection = std::make_shared<ldap_connection>(io_, std::move(*opened), replica,
                                                        counters_->replica(health_->url(replica)));
    connection->start();
    co_return connection;
}

awaitable<result<ldap_handle, connect_failure>> connection_pool::connect_to(const std::string& url,
                                                                            milliseconds limit) {
    const auto waiting = std::make_shared<awaited_handle>(io_);
    const auto trying = std::make_shared<attempt>();
    trying->open_way_back(io_, waiting);
    std::erase_if(attempts_, [](const auto& one) { return one.expired(); });
    attempts_.push_back(trying);
    // The worker keeps to the limit itself and says what is wrong; it is late only where the name's
    // resolver hangs.
    waiting->done.expires_after(limit + limit / 5);
    workers_.run([trying, settings = settings_, url, what = purpose_, &workers = workers_, limit,
                  counters = counters_->replica(url)] {
        auto& refusal =
            what == purpose::search ? counters->refused_searches : counters->refused_binds;
        trying->bring(
            open_unless_refused(*settings, url, what, workers, trying->watch, limit, refusal));
    });
    boost::system::error_code woken;
    co_await waiting->done.async_wait(
        boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    trying->close_way_back();
    if (waiting->outcome) co_return std::move(*waiting->outcome);
    trying->watch.cut();
    co_return connect_failure{
        connect_error::unreachable, failure_kind::timeout,
        url + ": no connection within " + std::to_string(limit.count()) + " ms"};
}

void connection_pool::stop() {
    stopped_ = true;
    for (const auto& one : attempts_) {
        if (const auto trying = one.lock()) trying->watch.cut();
    }
    for (const auto& one : std::exchange(open_, {})) one->close();
    for (const auto& one : std::exchange(retiring_, {})) one->close();
    idle_.clear();
    last_failure_ = {pool_error::unavailable, "the directory is not used any more"};
    failed();
}

connection_pool::~connection_pool() {
    for (const auto& one : open_) one->close();
    for (const auto& one : retiring_) one->close();
}

}  // namespace kommpass::directory
