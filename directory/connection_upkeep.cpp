// Connections that nobody uses: asked whether they are alive, led back to a better server, closed.
#include "directory/connection_pool.hpp"

#include <algorithm>

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;
using steady = std::chrono::steady_clock;

}  // namespace

awaitable<void> connection_pool::look_after() {
    const auto self = shared_from_this();
    drop_closed();
    const auto quiet_since = steady::now() - settings_->health_check;
    const auto all = open_;
    for (const auto& connection : all) {
        if (stopped_) co_return;
        const bool quiet = connection->is_open() && connection->in_flight() == 0 &&
                           connection->last_heard() <= quiet_since;
        if (quiet) co_await ask_whether_alive(connection);
    }
    if (settings_->order == replica_order::in_order && !stopped_) co_await return_to_better();
}

awaitable<void> connection_pool::ask_whether_alive(std::shared_ptr<ldap_connection> connection) {
    const bool exclusive = sharing_ == sharing::exclusive;
    if (exclusive && std::erase(idle_, connection) == 0) co_return;  // somebody has it
    const auto until = steady::now() + settings_->failover_after;
    bool alive = false;
    if (purpose_ == purpose::bind) {
        const auto answer = co_await connection->bind_as_nobody(until);
        alive = answer.has_value();
    } else {
        std::vector<std::string> nothing{"1.1"};
        const auto answer = co_await connection->read_root_dse(std::move(nothing), until);
        alive = answer.has_value();
    }
    if (!alive)
        give_up(connection, connection->is_open() ? failure_kind::timeout : failure_kind::lost);
    if (exclusive) give_back(std::move(connection));
}

// A server that stands earlier in the list takes over again once it accepts a connection; the
// others finish what they have under way.
awaitable<void> connection_pool::return_to_better() {
    std::size_t used = health_->size();
    for (const auto& one : open_) used = std::min(used, one->replica());
    if (open_.empty() || used == 0) co_return;
    const auto better = health_->better_than(used, steady::now());
    if (better == used) co_return;
    auto connection = co_await try_replica(better, settings_->connect_timeout);
    if (connection == nullptr || stopped_) co_return;
    const auto worse = std::exchange(open_, {connection});
    for (const auto& one : worse) {
        std::erase(idle_, one);
        retiring_.push_back(one);
    }
    connected(std::move(connection));
    close_retired();
}

void connection_pool::close_retired() {
    std::erase_if(retiring_, [this](const auto& one) {
        // What an asker holds for itself comes back through give_back.
        const bool done =
            sharing_ == sharing::shared ? one->in_flight() == 0 : one.use_count() == 1;
        if (done) one->close();
        return done || !one->is_open();
    });
}

void connection_pool::close_idle() {
    for (const auto& one : open_) {
        const bool idle = sharing_ == sharing::shared
                              ? one->in_flight() == 0
                              : std::find(idle_.begin(), idle_.end(), one) != idle_.end();
        if (idle) one->close();
    }
    drop_closed();
}

}  // namespace kommpass::directory
