#pragma once

#include "directory/ldap_directories.hpp"
#include "idp/http/router.hpp"
#include "idp/http/server.hpp"
#include "idp/keys/key_file_watch.hpp"
#include "idp/login/shared_guesses.hpp"
#include "idp/outgoing/https_caller.hpp"
#include "idp/service/endpoints.hpp"
#include "idp/sessions/leavers_task.hpp"
#include "idp/tasks/outbox_delivery.hpp"
#include "idp/tasks/scheduler.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace kommpass::idp::service {

struct machine;

// One I/O thread with what belongs to it alone: its io_context, its directory connections, its
// routes and its listening socket. Made and destroyed on the main thread; in between only its own
// thread touches its parts.
class io_thread {
public:
    using observer_for = std::function<http::answer_observer(const http::router&)>;

    // `for_certificates`: the listener that asks clients for theirs; null: there is none.
    io_thread(const shared_parts&, directory::federation&, outgoing::https_caller& applications,
              std::shared_ptr<http::shared_listener>,
              std::shared_ptr<http::shared_listener> for_certificates,
              std::function<std::vector<std::string_view>()> why_not_ready, const observer_for&);
    ~io_thread();
    io_thread(const io_thread&) = delete;

    void start(const std::string& name);
    // Has this thread run what the service does by itself; one of the threads does, before it is
    // started.
    void run_tasks(keys::key_file_watch&, login::shared_guesses&, tasks::worker_thread&,
                   const machine&);
    // Runs these tasks now; from any thread.
    void run_soon(std::vector<std::string> names);
    // Takes the members of a new registry; from any thread.
    void take_members(const policies::snapshot&);
    // Every answer ends its connection from now on; from any thread.
    void begin_leaving();
    // Stops accepting and lets requests in flight finish; `done` is called on the thread when none
    // is left.
    void stop_serving(std::function<void()> done);
    // No task begins after it, and what runs between their runs ends; blocks. For the thread that
    // runs them, while it runs.
    void stop_tasks();
    // The names of the leases that the tasks may have.
    [[nodiscard]] std::vector<std::string> leases() const;
    // Ends the directory connections, lets the thread run out of work, and waits for it.
    void join();
    [[nodiscard]] std::uint16_t port() const noexcept { return server_->port(); }

private:
    [[nodiscard]] http::server_options options_for(const http::router&, const observer_for&);
    // Who has to hear of the end of an access hears of it.
    void tell_applications();

    boost::asio::io_context io_{1};
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
    directory::ldap_directories directories_;
    const shared_parts& parts_;
    endpoints endpoints_;
    std::optional<tasks::scheduler> scheduler_;
    std::optional<tasks::outbox_delivery> outbox_;
    outgoing::https_caller& applications_;
    std::optional<sessions::leavers_task> leavers_;
    directory::federation& federation_;
    http::router router_;
    std::unique_ptr<http::server> server_;
    http::router certificate_router_;
    std::unique_ptr<http::server> certificate_server_;  // may be null
    std::thread thread_;
};

}  // namespace kommpass::idp::service
