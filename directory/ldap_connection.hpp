#pragma once

#include "config/vocabulary/result.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "directory/ldap_handle.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace kommpass::directory {

using steady_time = std::chrono::steady_clock::time_point;

struct ldap_entry {
    std::string dn;
    std::map<std::string, std::vector<std::string>> attributes;  // names in lower case

    bool cut_off = false;  // a bound of ours left values out

    // The first value that is valid UTF-8; empty if there is none.
    [[nodiscard]] std::string first(std::string_view attribute) const;
    [[nodiscard]] const std::vector<std::string>& all(std::string_view attribute) const;
};

// How a bind was judged by the server's password policy (draft-behera-ldap-password-policy).
enum class password_policy_error { none, expired, locked, change_after_reset };

struct ldap_answer {
    int code = 0;  // LDAP result code
    std::string diagnostic;
    std::vector<ldap_entry> entries;
    bool cut_off = false;     // a bound of ours on entries or bytes was met
    std::string page_cookie;  // of the paged results control; empty: the last page
    password_policy_error policy = password_policy_error::none;
};

enum class operation_error {
    lost,    // the connection ended, or the server sent what is no LDAP
    timeout  // the deadline passed; the operation was abandoned
};

struct search_request {
    std::string base;
    int scope = LDAP_SCOPE_SUBTREE;
    std::string filter;
    std::vector<std::string> attributes;
    int size_limit = 0;
    int page_size = 0;  // 0: no paged results control
    std::string page_cookie;
};

// One open connection: operations in any number at once, matched to their askers by message id.
// Lives on one I/O thread and never blocks it. Bounds what a server may send: entries, values,
// bytes. Kept by shared_ptr, since its reader and its askers may outlast whoever gave it up.
class ldap_connection : public std::enable_shared_from_this<ldap_connection> {
public:
    ldap_connection(boost::asio::io_context&, ldap_handle);
    ~ldap_connection();
    ldap_connection(const ldap_connection&) = delete;

    void start();  // begins to read; once, after construction
    [[nodiscard]] boost::asio::awaitable<result<ldap_answer, operation_error>> search(
        search_request, steady_time deadline);
    // Simple bind with the password policy control. The password is not empty: the caller has
    // looked.
    [[nodiscard]] boost::asio::awaitable<result<ldap_answer, operation_error>> bind(
        std::string dn, secret_string password, steady_time deadline);
    void close();  // ends what is under way as `lost`
    [[nodiscard]] bool is_open() const noexcept { return handle_ != nullptr; }
    // When the server last said anything. One that is silent although asked may hang for good.
    [[nodiscard]] steady_time last_heard() const noexcept { return last_heard_; }
    [[nodiscard]] std::size_t in_flight() const noexcept { return waiting_.size(); }

private:
    struct pending {
        explicit pending(boost::asio::io_context& io) : wake(io) {}
        boost::asio::steady_timer wake;
        ldap_answer answer;
        std::size_t bytes = 0;
        bool finished = false;
        bool lost = false;
    };

    [[nodiscard]] int send_search(const search_request&, int& message_id);
    [[nodiscard]] boost::asio::awaitable<result<ldap_answer, operation_error>> wait_for(
        int message_id, steady_time deadline);
    boost::asio::awaitable<void> read_until_closed();
    [[nodiscard]] bool drain();
    void take(LDAPMessage*);
    void take_entry(LDAPMessage*, pending&);
    void take_result(LDAPMessage*, pending&);

    boost::asio::io_context& io_;
    ldap_handle handle_;
    boost::asio::posix::stream_descriptor readable_;
    std::unordered_map<int, std::shared_ptr<pending>> waiting_;
    steady_time last_heard_ = std::chrono::steady_clock::now();
};

}  // namespace kommpass::directory
