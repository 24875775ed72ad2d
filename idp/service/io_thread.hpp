#pragma once

#include "directory/ldap_directories.hpp"
#include "idp/audit/shared_append.hpp"
#include "idp/http/router.hpp"
#include "idp/http/server.hpp"
#include "idp/provider.hpp"
#include "idp/service/caretaker.hpp"
#include "idp/service/endpoints.hpp"
#include "idp/sessions/leavers.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace kommpass::idp::service {

// The parts that all I/O threads share; all thread-safe, all outlive the threads.
struct shared_parts {
    const config::settings& settings;
    const clock& time;
    randomness& random;
    store::store& memory;
    live<policies::snapshot>& registry;
    const live<jose::key_ring>& keys;
    login::throttle& throttle;
    observe::log& log;
    directory::federation& federation;
    admin::desk& desk;
};

// One I/O thread with what belongs to it alone: its io_context, its directory connections, its
// routes and its listening socket. Made and destroyed on the main thread; in between only its own
// thread touches its parts.
class io_thread {
public:
    using observer_for = std::function<http::answer_observer(const http::router&)>;

    io_thread(const shared_parts&, std::shared_ptr<http::shared_listener>,
              std::function<bool()> is_ready, const observer_for&);
    ~io_thread();
    io_thread(const io_thread&) = delete;

    void start(const std::string& name);
    // Has this thread watch for leavers; one of the threads does, before it is started.
    void watch_for_leavers(observe::log&);
    // Has this thread look after what ends by itself; likewise one of the threads.
    void take_care();
    // Takes the members of a new registry; from any thread.
    void take_members(const policies::snapshot&);
    // Stops accepting and lets requests in flight finish; `done` is called on the thread when none
    // is left.
    void stop_serving(std::function<void()> done);
    // Ends the directory connections, lets the thread run out of work, and waits for it.
    void join();
    [[nodiscard]] std::uint16_t port() const noexcept { return server_->port(); }

private:
    boost::asio::io_context io_{1};
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
    directory::ldap_directories directories_;
    audit::shared_append appends_;
    audit::recorder recorder_;
    sessions::current_identities identities_;
    sessions::single_sign_on sso_;
    provider provider_;
    endpoints endpoints_;
    std::optional<sessions::leavers> leavers_;
    std::optional<caretaker> caretaker_;
    directory::federation& federation_;
    http::router router_;
    std::unique_ptr<http::server> server_;
    std::thread thread_;
};

}  // namespace kommpass::idp::service
