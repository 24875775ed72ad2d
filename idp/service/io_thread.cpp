#include "idp/service/io_thread.hpp"

#include "idp/registry/directories_of.hpp"
#include "idp/service/routes.hpp"

#include <boost/asio/post.hpp>

#include <pthread.h>

namespace kommpass::idp::service {
io_thread::io_thread(const shared_parts& parts, std::shared_ptr<http::shared_listener> listener,
                     std::function<bool()> is_ready, const observer_for& observer)
    : work_(boost::asio::make_work_guard(io_)),
      directories_(io_, parts.federation),
      appends_(io_, parts.memory),
      recorder_(parts.time, appends_, parts.log),
      identities_(parts.registry, directories_),
      sso_(parts.settings.session, parts.time, parts.random, parts.memory, parts.keys, identities_,
           recorder_),
      provider_{parts.settings, parts.time,   parts.random, parts.memory, parts.registry,
                parts.keys,     directories_, recorder_,    identities_,  sso_,
                parts.throttle, parts.log,    parts.desk},
      endpoints_(provider_),
      federation_(parts.federation) {
    directories_.take_members(registry::directories_of(*parts.registry.get(), *parts.keys.get()));
    endpoints_.add_to(router_);
    add_health_routes(router_, std::move(is_ready));
    http::server_options options{.time = parts.time, .random = parts.random, .log = parts.log};
    options.observer = observer(router_);
    options.on_error = [this](const http::request& request, unsigned status) {
        return error_answer(provider_.settings, request, status);
    };
    server_ =
        http::server::listen(io_, std::move(listener), parts.settings, router_, std::move(options));
}

io_thread::~io_thread() { join(); }

void io_thread::start(const std::string& name) {
    thread_ = std::thread([this, name] {
        ::pthread_setname_np(::pthread_self(), name.c_str());
        io_.run();
    });
}

void io_thread::watch_for_leavers(observe::log& log) {
    leavers_.emplace(io_, federation_, directories_, provider_.memory, log);
    leavers_->start(registry::directories_of(*provider_.registry.get(), *provider_.keys.get()));
}

void io_thread::take_care() {
    caretaker_.emplace(io_, provider_);
    caretaker_->start();
}

void io_thread::take_members(const policies::snapshot& registry) {
    boost::asio::post(io_,
                      [this, members = registry::directories_of(registry, *provider_.keys.get())] {
                          directories_.take_members(members);
                          if (leavers_) leavers_->take_members(members);
                      });
}

void io_thread::stop_serving(std::function<void()> done) { server_->stop(std::move(done)); }

void io_thread::join() {
    if (!thread_.joinable()) return;
    boost::asio::post(io_, [this] {
        if (leavers_) leavers_->stop();
        if (caretaker_) caretaker_->stop();
        directories_.stop();
        work_.reset();
    });
    thread_.join();
}

}  // namespace kommpass::idp::service
