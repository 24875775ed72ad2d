#include "idp/service/io_thread.hpp"
#include "idp/admin/departure.hpp"

#include "config/settings.hpp"
#include "directory/sign_in.hpp"
#include "idp/admin/process_state.hpp"
#include "idp/api/addresses.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/back_channel_logout.hpp"
#include "idp/registry/directories_of.hpp"
#include "idp/service/every_task.hpp"
#include "idp/service/node_name.hpp"
#include "idp/service/routes.hpp"
#include "idp/sessions/access_ended.hpp"

#include <boost/asio/post.hpp>

#include <future>

#include <pthread.h>

namespace kommpass::idp::service {
namespace {

// Twice a second, so that what is looked at each second is never two seconds old.
constexpr auto look_every = std::chrono::milliseconds(500);

// Waiting for applications costs next to nothing, and some of them hang.
constexpr std::size_t deliveries_at_once = 64;

}  // namespace

io_thread::io_thread(const shared_parts& parts, directory::federation& federation,
                     outgoing::https_caller& applications,
                     std::shared_ptr<http::shared_listener> listener,
                     std::shared_ptr<http::shared_listener> for_certificates,
                     std::function<std::vector<std::string_view>()> why_not_ready,
                     const observer_for& observer)
    : work_(boost::asio::make_work_guard(io_)),
      directories_(io_, federation),
      parts_(parts),
      endpoints_(parts, io_, directories_),
      applications_(applications),
      federation_(federation) {
    directories_.take_members(registry::directories_of(*parts.registry.get(), *parts.keys.get()));
    endpoints_.add_to(router_);
    add_health_routes(router_, std::move(why_not_ready));
    server_ = http::server::listen(io_, std::move(listener), parts.settings, router_,
                                   options_for(router_, observer));
    if (!for_certificates) return;
    endpoints_.add_for_certificates(certificate_router_);
    certificate_server_ =
        http::server::listen(io_, std::move(for_certificates), parts.settings, certificate_router_,
                             options_for(certificate_router_, observer));
}

http::server_options io_thread::options_for(const http::router& routes,
                                            const observer_for& observer) {
    http::server_options options{.time = parts_.time, .random = parts_.random, .log = parts_.log};
    options.observer = observer(routes);
    options.on_error = [this](const http::request& request, unsigned status) {
        if (api::is_api_path(request.path)) return api::refused_before(request, status);
        return error_answer(parts_.settings, request, status);
    };
    return options;
}

io_thread::~io_thread() { join(); }

void io_thread::start(const std::string& name) {
    thread_ = std::thread([this, name] {
        ::pthread_setname_np(::pthread_self(), name.c_str());
        io_.run();
    });
}

void io_thread::run_tasks(keys::key_file_watch& key_file, login::shared_guesses& guesses,
                          tasks::worker_thread& worker, const machine& beneath) {
    const auto& services = endpoints_.operations();
    scheduler_.emplace(io_, parts_.memory, parts_.time, parts_.log,
                       node_name(parts_.settings.listen), look_every);
    outbox_.emplace(io_, *scheduler_, parts_.memory, parts_.time, parts_.random, parts_.log,
                    tasks::delivery_settings{.most_at_once = deliveries_at_once});
    tell_applications();
    leavers_.emplace(io_, *scheduler_, federation_, directories_, parts_.memory, parts_.time,
                     parts_.log);
    leavers_->take_members(registry::directories_of(*parts_.registry.get(), *parts_.keys.get()));
    scheduler_->start(every_task(services, parts_.state.mail, parts_.unproven, key_file, guesses,
                                 *leavers_, *outbox_, worker, beneath, *scheduler_));
}

void io_thread::tell_applications() {
    const oauth::back_channel_parts parts{parts_.settings.issuer, parts_.memory,
                                          parts_.registry,        parts_.keys,
                                          parts_.random,          parts_.time};
    outbox_->deliver(admin::member_left_topic,
                     admin::finish_departures(parts_.memory, parts_.time));
    outbox_->deliver(sessions::access_ended_topic, oauth::hand_on_ends(parts));
    outbox_->deliver(oauth::back_channel_logout_topic,
                     oauth::tell_client(parts, [this](outgoing::call what) {
                         return applications_.post(std::move(what));
                     }));
}

void io_thread::run_soon(std::vector<std::string> names) {
    boost::asio::post(io_, [this, names = std::move(names)] {
        if (!scheduler_) return;
        for (const auto& name : names) scheduler_->run_soon(name);
    });
}

void io_thread::take_members(const policies::snapshot& registry) {
    boost::asio::post(io_,
                      [this, members = registry::directories_of(registry, *parts_.keys.get())] {
                          directories_.take_members(members);
                          if (leavers_) leavers_->take_members(members);
                      });
}

void io_thread::begin_leaving() {
    if (certificate_server_) certificate_server_->begin_leaving();
    server_->begin_leaving();
}

void io_thread::stop_tasks() {
    std::promise<void> stopped;
    boost::asio::post(io_, [this, &stopped] {
        if (scheduler_) scheduler_->stop();
        stopped.set_value();
    });
    stopped.get_future().wait();
}

std::vector<std::string> io_thread::leases() const {
    return scheduler_ ? scheduler_->leases() : std::vector<std::string>();
}

// Tasks go on meanwhile: a request in flight may wait for one of them.
void io_thread::stop_serving(std::function<void()> done) {
    if (!certificate_server_) return server_->stop(std::move(done));
    // `done` once, when both are empty; each tells it on this thread.
    auto left = std::make_shared<int>(2);
    auto one_less = [left, done = std::move(done)] {
        if (--*left == 0) done();
    };
    certificate_server_->stop(one_less);
    server_->stop(std::move(one_less));
}

void io_thread::join() {
    if (!thread_.joinable()) return;
    boost::asio::post(io_, [this] {
        if (scheduler_) scheduler_->stop();
        if (leavers_) leavers_->stop();
        directories_.stop();
        work_.reset();
    });
    thread_.join();
}

}  // namespace kommpass::idp::service
