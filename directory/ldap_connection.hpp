#pragma once

#include "config/vocabulary/result.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "directory/ldap_answer.hpp"
#include "directory/ldap_handle.hpp"
#include "directory/line/socket_address.hpp"
#include "directory/member_counters.hpp"
#include "directory/replica_health.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace kommpass::directory {

enum class operation_error {
    lost,    // the connection ended, or the server sent what is no LDAP
    timeout  // the deadline passed; the operation was abandoned
};

// A control of a request whose value is BER that the caller made; always critical.
struct request_control {
    std::string oid;
    std::string value;
};

struct search_request {
    std::string base;
    int scope = LDAP_SCOPE_SUBTREE;
    std::string filter = "(objectClass=*)";
    std::vector<std::string> attributes;
    int size_limit = 0;
    int page_size = 0;  // 0: no paged results control
    std::string page_cookie;
};

using answered = result<ldap_answer, operation_error>;

// One open connection: operations in any number at once, matched to their askers by message id.
// Lives on one I/O thread and never blocks it. Bounds what a server may send: entries, values,
// bytes. Kept by shared_ptr, since its reader and its askers may outlast whoever gave it up.
class ldap_connection : public std::enable_shared_from_this<ldap_connection> {
public:
    // `replica`: the place of its server in the member's list.
    ldap_connection(boost::asio::io_context&, ldap_handle, std::size_t replica,
                    std::shared_ptr<replica_counters>);
    ~ldap_connection();
    ldap_connection(const ldap_connection&) = delete;

    void start();  // begins to read; once, after construction
    [[nodiscard]] boost::asio::awaitable<answered> search(search_request, steady_time deadline);
    // Simple bind with the password policy control. The password is not empty: the caller has
    // looked.
    [[nodiscard]] boost::asio::awaitable<answered> bind(std::string dn, secret_string password,
                                                        steady_time deadline);
    // As nobody (RFC 4513, 5.1.1): takes the authorization of the last person off the connection.
    // Some servers refuse it, and have forgotten the person all the same (RFC 4511, 4.2.1).
    [[nodiscard]] boost::asio::awaitable<answered> bind_as_nobody(steady_time deadline);
    // RFC 3062, for the person that the connection is bound as.
    [[nodiscard]] boost::asio::awaitable<answered> modify_password(std::string dn,
                                                                   secret_string old_password,
                                                                   secret_string new_password,
                                                                   steady_time deadline);
    // [MS-ADTS] 3.1.1.3.1.5: a change, for which the old password has to be right. Over TLS only.
    [[nodiscard]] boost::asio::awaitable<answered> change_unicode_pwd(std::string dn,
                                                                      secret_string old_password,
                                                                      secret_string new_password,
                                                                      steady_time deadline);
    // A search that goes on until the server or `close` ends it; `on_message` must not suspend.
    [[nodiscard]] boost::asio::awaitable<answered> listen(
        search_request, request_control, std::function<void(const feed_message&)> on_message);
    // Whether the server still answers: a read of the root DSE.
    [[nodiscard]] boost::asio::awaitable<answered> read_root_dse(
        std::vector<std::string> attributes, steady_time deadline);

    // Lets go of it: from now on whoever has this may read and write, on whatever thread, and this
    // object is closed. Nothing is under way.
    struct released {
        ldap_handle handle;
        std::size_t replica = 0;
        std::shared_ptr<replica_counters> counters;
    };
    [[nodiscard]] released release();

    void close();  // ends what is under way as `lost`
    [[nodiscard]] bool is_open() const noexcept { return handle_ != nullptr; }
    // When the server last said anything. One that is silent although asked may hang for good.
    [[nodiscard]] steady_time last_heard() const noexcept { return last_heard_; }
    [[nodiscard]] std::size_t in_flight() const noexcept { return waiting_.size(); }
    [[nodiscard]] std::size_t replica() const noexcept { return replica_; }
    [[nodiscard]] const std::string& url() const noexcept { return counters_->url; }
    [[nodiscard]] const socket_address& peer() const noexcept { return peer_; }

private:
    struct pending {
        explicit pending(boost::asio::io_context& io) : wake(io) {}
        boost::asio::steady_timer wake;
        ldap_answer answer;
        answer_bounds bounds;
        std::function<void(const feed_message&)> on_message;  // of `listen`
        bool finished = false;
        bool lost = false;
    };
    enum class kind { search, bind, other };

    [[nodiscard]] int send_search(const search_request&, const request_control*,
                                  steady_time deadline, int& message_id);
    [[nodiscard]] boost::asio::awaitable<answered> wait_for(
        int message_id, kind, steady_time deadline,
        std::function<void(const feed_message&)> on_message = {});
    boost::asio::awaitable<void> read_until_closed();
    [[nodiscard]] bool drain();
    [[nodiscard]] bool take(LDAPMessage*);

    boost::asio::io_context& io_;
    ldap_handle handle_;
    boost::asio::posix::stream_descriptor readable_;
    socket_address peer_;
    std::size_t replica_;
    std::shared_ptr<replica_counters> counters_;
    std::unordered_map<int, std::shared_ptr<pending>> waiting_;
    steady_time last_heard_ = std::chrono::steady_clock::now();
};

}  // namespace kommpass::directory
