#pragma once

#include "directory/connect_workers.hpp"
#include "directory/ldap_connection.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <deque>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace kommpass::directory {

// Whether a connection serves many askers at a time, or one.
enum class sharing { shared, exclusive };

enum class pool_error { unavailable, misconfigured, timeout };
struct pool_failure {
    pool_error error;
    std::string detail;
};
using pooled = result<std::shared_ptr<ldap_connection>, pool_failure>;

// The connections of one member for one purpose, on one I/O thread. Made when first needed, by
// worker threads; replicas are tried in order. After all have failed, askers are refused at once
// until a back-off with jitter is over, so that a dead directory answers its own people quickly and
// is not hammered. One I/O thread only.
class connection_pool : public std::enable_shared_from_this<connection_pool> {
public:
    connection_pool(boost::asio::io_context&, connect_workers&,
                    std::shared_ptr<const directory_settings>, purpose, sharing, std::size_t most);
    ~connection_pool();
    connection_pool(const connection_pool&) = delete;

    // A connection that many may use at once (for searches).
    [[nodiscard]] boost::asio::awaitable<pooled> share(steady_time deadline);
    // A connection for one user at a time (for binds); `give_back` it, in whatever state. Waits
    // first come, first served.
    [[nodiscard]] boost::asio::awaitable<pooled> take(steady_time deadline);
    void give_back(std::shared_ptr<ldap_connection>);

    // Ends the attempts that are under way, and every connection. For when nobody uses it any more.
    void stop();
    [[nodiscard]] std::size_t open_connections() const noexcept { return open_.size(); }

private:
    struct attempt;
    struct waiter {
        explicit waiter(boost::asio::io_context& io) : wake(io) {}
        boost::asio::steady_timer wake;
        std::shared_ptr<ldap_connection> got;
        std::shared_ptr<pool_failure> failed;
    };

    [[nodiscard]] std::shared_ptr<ldap_connection> least_busy();
    [[nodiscard]] boost::asio::awaitable<pooled> wait(steady_time deadline);
    void drop_closed();
    void connect_one();
    boost::asio::awaitable<void> connect_in_turn();
    [[nodiscard]] boost::asio::awaitable<result<ldap_handle, connect_failure>> connect_to(
        const std::string& url);
    void connected(std::shared_ptr<ldap_connection>);
    void failed(pool_failure);
    [[nodiscard]] bool in_back_off() const;

    boost::asio::io_context& io_;
    connect_workers& workers_;
    std::shared_ptr<const directory_settings> settings_;
    purpose purpose_;
    sharing sharing_;
    std::size_t most_;
    std::vector<std::shared_ptr<ldap_connection>> open_;
    std::deque<std::shared_ptr<ldap_connection>> idle_;  // of `take`
    std::deque<std::shared_ptr<waiter>> waiting_;
    std::vector<std::weak_ptr<attempt>> attempts_;
    std::size_t connecting_ = 0;
    std::size_t preferred_url_ = 0;
    unsigned failures_in_a_row_ = 0;
    steady_time retry_at_{};
    pool_failure last_failure_{};
    std::minstd_rand jitter_;
    bool stopped_ = false;
};

}  // namespace kommpass::directory
