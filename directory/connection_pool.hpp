#pragma once

#include "directory/connect_workers.hpp"
#include "directory/ldap_connection.hpp"
#include "directory/replica_health.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <deque>
#include <memory>
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
// worker threads, to the servers that `replica_health` recommends. While all breakers are open,
// askers are refused at once, so that a dead directory answers its own people quickly and is not
// hammered. One I/O thread only.
class connection_pool : public std::enable_shared_from_this<connection_pool> {
public:
    connection_pool(boost::asio::io_context&, connect_workers&,
                    std::shared_ptr<const directory_settings>, std::shared_ptr<replica_health>,
                    std::shared_ptr<member_counters>, purpose, sharing, std::size_t most);
    ~connection_pool();
    connection_pool(const connection_pool&) = delete;

    // A connection that many may use at once (for searches).
    [[nodiscard]] boost::asio::awaitable<pooled> share(steady_time deadline);
    // A connection for one user at a time (for binds); `give_back` it, in whatever state. Waits
    // first come, first served.
    [[nodiscard]] boost::asio::awaitable<pooled> take(steady_time deadline);
    void give_back(std::shared_ptr<ldap_connection>);
    // The connection's server does not answer: closes the connection, and the breaker opens.
    void give_up(const std::shared_ptr<ldap_connection>&, failure_kind);

    // Asks the connections that nobody has used for a while whether they are alive, and goes back
    // to a better server once it answers again.
    [[nodiscard]] boost::asio::awaitable<void> look_after();
    // Something between us and the servers has forgotten its connections: closes those that nobody
    // waits on and nothing was heard on since then.
    void close_silent_since(steady_time);
    // Nobody has needed the member for long: closes what is idle.
    void close_idle();

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
    [[nodiscard]] bool worth_another(const ldap_connection& least_busy) const;
    [[nodiscard]] boost::asio::awaitable<pooled> wait(steady_time deadline);
    void drop_closed();
    void connect_one();
    boost::asio::awaitable<void> connect_in_turn();
    [[nodiscard]] boost::asio::awaitable<std::shared_ptr<ldap_connection>> try_replica(
        std::size_t replica, std::chrono::milliseconds limit);
    [[nodiscard]] boost::asio::awaitable<result<ldap_handle, connect_failure>> connect_to(
        const std::string& url, std::chrono::milliseconds limit);
    [[nodiscard]] boost::asio::awaitable<void> ask_whether_alive(std::shared_ptr<ldap_connection>);
    [[nodiscard]] boost::asio::awaitable<void> return_to_better();
    void close_retired();
    void connected(std::shared_ptr<ldap_connection>);
    void failed();
    void note(const connect_failure&, std::size_t replica);
    [[nodiscard]] pool_failure said_before() const;
    [[nodiscard]] std::shared_ptr<ldap_connection> take_idle();
    [[nodiscard]] bool is_worth_an_attempt() const;
    [[nodiscard]] bool all_breakers_open() const;

    boost::asio::io_context& io_;
    connect_workers& workers_;
    std::shared_ptr<const directory_settings> settings_;
    std::shared_ptr<replica_health> health_;
    std::shared_ptr<member_counters> counters_;
    purpose purpose_;
    sharing sharing_;
    std::size_t most_;
    std::vector<std::shared_ptr<ldap_connection>> open_;
    std::deque<std::shared_ptr<ldap_connection>> idle_;  // of `take`
    std::vector<std::shared_ptr<ldap_connection>>
        retiring_;  // to a server that is not used any more
    std::deque<std::shared_ptr<waiter>> waiting_;
    std::vector<std::weak_ptr<attempt>> attempts_;
    std::size_t connecting_ = 0;
    pool_failure last_failure_{pool_error::unavailable, "another attempt is finding out"};
    steady_time last_failed_at_{};
    bool stopped_ = false;
};

}  // namespace kommpass::directory
