// Connections on which nothing was heard for long: something in between may have forgotten them.
#include "directory/member_connections.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

}  // namespace

// A connection on which nothing was heard for so long may have been forgotten in between.
milliseconds member_connections::quiet() const { return settings_->failover_after * 2 / 3; }

bool member_connections::may_be_dead(const ldap_connection& connection) const {
    return steady::now() - connection.last_heard() >= quiet();
}

// A firewall may have dropped a quiet connection without a word: a third of the time that a server
// has is enough to find out, so that finding out and going elsewhere still make one sign-in.
steady_time member_connections::found_dead_at(steady_time deadline) const {
    return std::min(deadline, steady::now() + settings_->failover_after / 3);
}

// Asks something small beside a search: one that only takes long goes on, while a line on which
// nothing comes is given up, and the search with it, for its asker to ask again.
void member_connections::suspect(const std::shared_ptr<ldap_connection>& quiet_one) {
    if (suspected_.lock() == quiet_one) return;
    suspected_ = quiet_one;
    auto find_out = [self = shared_from_this(), quiet_one]() -> awaitable<void> {
        const auto asked_at = steady::now();
        const auto until = self->found_dead_at(steady_time::max());
        std::vector<std::string> nothing{"1.1"};
        (void)co_await quiet_one->read_root_dse(std::move(nothing), until);
        self->suspected_.reset();
        const bool silent = quiet_one->last_heard() <= asked_at;
        if (!self->stopped_ && quiet_one->is_open() && silent) self->forget_the_quiet(quiet_one);
    };
    boost::asio::co_spawn(io_, std::move(find_out), boost::asio::detached);
}

// What cut one quiet connection has cut them all; the server has done nothing wrong.
void member_connections::forget_the_quiet(const std::shared_ptr<ldap_connection>& dead) {
    dead->close();
    for (const auto& pool : {searches_, pages_, binds_})
        pool->close_silent_since(steady::now() - quiet());
}

// A connection that has just answered, or is new: for what must not be asked twice, as a password
// would be counted twice.
awaitable<pooled> member_connections::take_living(std::shared_ptr<connection_pool> pool,
                                                  steady_time deadline) {
    for (;;) {
        auto taken = co_await pool->take(deadline);
        if (!taken || !may_be_dead(**taken)) co_return taken;
        const auto connection = *taken;
        const auto until = found_dead_at(deadline);
        std::vector<std::string> nothing{"1.1"};
        auto answer = co_await connection->read_root_dse(std::move(nothing), until);
        if (answer) co_return connection;
        forget_the_quiet(connection);
        pool->give_back(connection);
        if (steady::now() >= deadline)
            co_return pool_failure{pool_error::timeout, connection->url() + ": no answer in time"};
    }
}

}  // namespace kommpass::directory
