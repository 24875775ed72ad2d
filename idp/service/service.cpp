#include "idp/service/service.hpp"

#include "idp/admin/actor.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/process_state.hpp"
#include "idp/audit/unproven_records.hpp"
#include "idp/http/method.hpp"
#include "idp/http/request_metrics.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/keys/key_place.hpp"
#include "idp/login/shared_guesses.hpp"
#include "idp/login/throttle.hpp"
#include "idp/oauth/certificate_authentication.hpp"
#include "idp/oauth/client_keys.hpp"
#include "idp/oauth/request_references.hpp"
#include "idp/observe/metrics.hpp"
#include "idp/registry/registry_watch.hpp"
#include "idp/service/directory_metrics.hpp"
#include "idp/service/io_thread.hpp"
#include "idp/service/machine.hpp"
#include "idp/service/node_name.hpp"
#include "idp/service/opening.hpp"
#include "idp/service/watched_store.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/leases.hpp"
#include "idp/store/revisions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/tasks/shared_clock_task.hpp"

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <csignal>
#include <limits>
#include <stdexcept>

namespace kommpass::idp::service {
namespace {

constexpr auto longest_stop = std::chrono::seconds(10);

jose::key_ring_ptr open_keys(const config::settings& settings, store::store& memory,
                             randomness& random, instant now) {
    // The keys that sign later are made by the task that watches the keys, at its first look.
    auto opened = keys::open_keys(settings, memory, random, now, {jose::completeness::what_signs});
    if (!opened) throw std::runtime_error(opened.error());
    return std::move(*opened);
}

// The time of the newest record; 1970 if there is none.
instant newest_record(store::store& memory) {
    instant newest{};
    const auto read = memory.read_now([&](store::transaction& t) {
        const auto last = t.audit().read_back(std::numeric_limits<long long>::max(), 1);
        if (!last.empty()) newest = last.front().record.at;
    });
    if (!read) throw std::runtime_error("the store does not answer");
    return newest;
}

// The time to begin with: not before what is recorded already, and held against the clock that all
// nodes share.
instant begun(held_clock& time, store::store& memory, tasks::shared_clock& shared) {
    time.begin_no_earlier_than(newest_record(memory));
    tasks::compare_once(memory, time, shared);
    return time.now();
}

// Refuses to start with a fault, and says what it starts with all the same.
const config::settings& looked_at(const config::settings& settings, instant now,
                                  opening_options meant, observe::log& log) {
    std::string faults;
    for (const auto& one : look_at_everything(settings, now, meant)) {
        if (one.how == gravity::fault)
            faults += (faults.empty() ? "" : "\n  ") + one.text;
        else
            log.warning("opening.weak", {{"reason", one.text}});
    }
    if (!faults.empty()) throw std::runtime_error(faults);
    return settings;
}

// Everything in the order in which it depends on one another: what stands above outlives what
// stands below.
class running_service final : public service {
public:
    running_service(const config::settings& settings, held_clock& time, randomness& random,
                    observe::log& log, opening_options meant, std::chrono::seconds leave_grace)
        : leave_grace_(leave_grace),
          settings_(looked_at(settings, time.now(), meant, log)),
          log_(log),
          time_(time),
          memory_(open_watched_store(settings, time, log, health_)),
          keys_(open_keys(settings, *memory_, random, begun(time, *memory_, shared_clock_))),
          registry_(
              registry::first_snapshot(*memory_, settings.registry_folder.string(), time.now())),
          throttle_(settings.throttle, time, login::throttle_key(*keys_.get())),
          listener_(
              std::make_shared<http::shared_listener>(settings.listen, settings.limit.connections)),
          certificate_listener_(settings.mtls.listen
                                    ? std::make_shared<http::shared_listener>(
                                          *settings.mtls.listen, settings.limit.connections)
                                    : nullptr),
          applications_(outgoing::application_addresses_by(settings),
                        settings.applications.ca_file),
          client_keys_(time,
                       [this](outgoing::fetch what) { return applications_.get(std::move(what)); }),
          request_references_(
              time, [this](outgoing::fetch what) { return applications_.get(std::move(what)); }),
          authorities_(settings.mtls.ca_file),
          federation_(time, directory::permitted_by(settings)),
          state_(random, time),
          unproven_(time),
          guesses_(*memory_, throttle_, federation_.lockouts, settings.throttle, time,
                   login::lockout_hash(keys_.get()), node_name(settings.listen),
                   [this] { threads_.front()->run_soon({"guesses"}); }),
          parts_{settings,
                 time,
                 random,
                 *memory_,
                 registry_,
                 keys_,
                 throttle_,
                 unproven_,
                 log,
                 state_,
                 client_keys_,
                 request_references_,
                 authorities_,
                 health_.outages,
                 [this] { registry_changed(); }},
          key_file_(settings, time, random, *memory_, keys_, log, periodic_),
          signals_(main_, SIGTERM, SIGINT, SIGHUP) {
        start_threads();
        start_metrics(time, random);
        log_.info("service.ready", {{"issuer", settings.issuer},
                                    {"port", port()},
                                    {"revision", registry_.get()->revision()}});
    }

    ~running_service() override { stop(); }

    void run_until_signalled() override {
        await_signal();
        main_.run();
        stop();
    }

    std::uint16_t port() const noexcept override { return threads_.front()->port(); }

private:
    void start_threads() {
        const auto wanted = settings_.io_threads > 0
                                ? settings_.io_threads
                                : std::max(1U, std::thread::hardware_concurrency());
        const bool logs_access = log_.writes(config::log_level::debug);
        const auto observer = [&](const http::router& routes) {
            auto counting = request_metrics_->observer_for(routes);
            return logs_access ? http::both(std::move(counting), http::access_log(log_)) : counting;
        };
        for (unsigned i = 0; i < wanted; ++i) {
            threads_.push_back(std::make_unique<io_thread>(
                parts_, federation_, applications_, listener_, certificate_listener_,
                [this] { return why_not_ready(); }, observer));
        }
        threads_.front()->run_tasks(
            key_file_, guesses_, periodic_,
            machine{time_, shared_clock_, [this] { return health_.fails(); }});
        for (unsigned i = 0; i < wanted; ++i) threads_[i]->start("io-" + std::to_string(i));
    }

    void start_metrics(const clock& time, randomness& random) {
        metrics_.add(request_metrics_);
        metrics_.add(directory_metrics_);
        observe::add_process_gauges(metrics_);
        metrics_.add_gauge("kommpass_connections", "Open connections of browsers and applications",
                           [this] { return static_cast<double>(listener_->open_connections()); });
        metrics_.add_gauge("kommpass_store_waiting", "Units of work that wait for the store",
                           [this] { return static_cast<double>(memory_->statistics().waiting); });
        metrics_.add_gauge("kommpass_registry_revision", "Revision that is in force",
                           [this] { return static_cast<double>(registry_.get()->revision()); });
        add_health_gauges();
        metrics_router_.add_immediate({http::method::get}, "/metrics",
                                      [this](const http::request&) {
                                          http::response answer;
                                          answer.content_type = observe::metrics::content_type;
                                          answer.body = metrics_.scrape();
                                          return answer;
                                      });
        metrics_router_.set_not_found(
            [](const http::request&) { return http::json(404, R"({"error":"not_found"})"); });
        auto listener = std::make_shared<http::shared_listener>(settings_.metrics, std::size_t{64});
        metrics_server_ =
            http::server::listen(main_, std::move(listener), settings_, metrics_router_,
                                 {.time = time, .random = random, .log = log_});
    }

    void add_health_gauges() {
        metrics_.add_gauge("kommpass_store_fails", "1 while the store takes or gives nothing",
                           [this] { return health_.fails() ? 1.0 : 0.0; });
        metrics_.add_gauge("kommpass_clock_ahead_seconds",
                           "How far the wall clock is from the time that is told; 0: they agree",
                           [this] {
                               const auto ahead = time_.ahead().value_or(std::chrono::seconds(0));
                               return std::chrono::duration<double>(ahead).count();
                           });
        metrics_.add_gauge(
            "kommpass_clock_ahead_of_store_seconds",
            "How far this node's clock is from the one that all nodes share",
            [this] { return std::chrono::duration<double>(shared_clock_.ahead()).count(); });
        metrics_.add_gauge("kommpass_certificate_faults",
                           "What is wrong with the own certificate and its key", [this] {
                               const auto own = state_.found.own_certificate.get();
                               return static_cast<double>(own->faults.size());
                           });
        metrics_.add_gauge("kommpass_certificate_until_seconds",
                           "When the own certificate ends, as Unix time; 0: none, or unreadable",
                           [this] {
                               const auto own = state_.found.own_certificate.get();
                               return static_cast<double>(to_unix_seconds(own->until));
                           });
    }

    // The words of /readyz; empty: ready. Looked at by whoever asks: nothing here waits.
    [[nodiscard]] std::vector<std::string_view> why_not_ready() const {
        std::vector<std::string_view> why;
        if (leaving_) why.emplace_back("leaving");
        if (registry_.get()->revision() == 0) why.emplace_back("registry");
        if (health_.fails()) why.emplace_back("store");
        if (time_.ahead() || !shared_clock_.agrees()) why.emplace_back("clock");
        return why;
    }

    void registry_changed() {
        const auto registry = registry_.get();
        for (const auto& thread : threads_) thread->take_members(*registry);
    }

    void await_signal() {
        signals_.async_wait([this](const boost::system::error_code& error, int signal) {
            if (error) return;
            if (signal == SIGHUP)
                reload();
            else if (leaving_ || leave_grace_ == std::chrono::seconds(0))
                return main_.stop();
            else
                begin_leaving();
            await_signal();
        });
    }

    void begin_leaving() {
        log_.info("service.leaving", {{"grace_s", static_cast<long long>(leave_grace_.count())}});
        leaving_ = true;
        for (const auto& thread : threads_) thread->begin_leaving();
        grace_.expires_after(leave_grace_);
        grace_.async_wait([this](const boost::system::error_code& error) {
            if (!error) main_.stop();
        });
    }

    void reload() {
        log_.info("service.reload");
        if (time_.ahead()) {
            time_.accept();
            log_.warning("clock.accepted");
        }
        key_file_.take_anew();
        federation_.workers.try_again();
        threads_.front()->run_soon({"registry", "keys.file", "certificates"});
        take_certificate_anew(*listener_);
        if (certificate_listener_) take_certificate_anew(*certificate_listener_);
    }

    void take_certificate_anew(http::shared_listener& listener) {
        if (!listener.has_tls()) return;
        try {
            listener.reload_certificate();
            log_.info("certificate.taken");
        } catch (const std::exception& failure) {
            log_.error("certificate.not_taken", {{"reason", std::string_view(failure.what())}});
        }
    }

    // In this order: nobody new, those in flight finish within a bound, the store makes durable
    // what waits, the threads run out of work. Only then may anything be destroyed.
    void stop() {
        if (threads_.empty()) return;
        log_.info("service.stopping");
        metrics_server_.reset();
        std::mutex mutex;
        std::condition_variable all_done;
        auto serving = std::make_shared<std::atomic<std::size_t>>(threads_.size());
        for (const auto& thread : threads_) {
            thread->stop_serving([serving, &mutex, &all_done] {
                const std::lock_guard lock(mutex);
                --*serving;
                all_done.notify_one();
            });
        }
        {
            std::unique_lock lock(mutex);
            if (!all_done.wait_for(lock, longest_stop, [&] { return *serving == 0; })) {
                log_.warning("service.requests_cut_off");
                std::_Exit(0);  // what was acknowledged is durable; what hangs would hold the
                                // process up for ever
            }
        }
        threads_.front()->stop_tasks();
        // What waits for applications comes back to its I/O thread: before that ends.
        applications_.stop();
        // What is computed for an I/O thread comes back to it: before it ends.
        state_.stop();
        key_file_.give_up();
        periodic_.stop();
        write_last_sums();
        guesses_.leave(std::chrono::steady_clock::now());
        hand_leases_over();
        memory_->stop();
        for (const auto& thread : threads_) thread->join();
        threads_.clear();
        log_.info("service.stopped");
        log_.flush();
    }

    // The next node takes over at once, not when the leases run out.
    void hand_leases_over() {
        const auto node = node_name(settings_.listen);
        const auto given_back = memory_->write_now([&](store::transaction& t) {
            for (const auto& name : threads_.front()->leases()) t.leases().release(name, node);
        });
        if (!given_back) log_.warning("service.leases_kept");
    }

    // What was counted and not written is told before the end.
    void write_last_sums() {
        const auto sums = unproven_.sums();
        if (sums.empty()) return;
        const auto written = memory_->write_now([&sums](store::transaction& t) {
            for (const auto& one : sums) t.audit().append(one);
        });
        if (!written) log_.error("audit.not_written", {{"event", std::string_view("sums")}});
    }

    const std::chrono::seconds leave_grace_;
    std::atomic<bool> leaving_{false};
    const config::settings& settings_;
    observe::log& log_;
    held_clock& time_;
    store_health health_;
    tasks::shared_clock shared_clock_;
    std::unique_ptr<store::store> memory_;
    live<jose::key_ring> keys_;
    live<policies::snapshot> registry_;
    login::throttle throttle_;
    std::shared_ptr<http::shared_listener> listener_;
    std::shared_ptr<http::shared_listener> certificate_listener_;  // null: none of its own
    outgoing::https_caller applications_;
    oauth::client_keys client_keys_;
    oauth::request_references request_references_;
    const oauth::client_authorities authorities_;
    directory::federation federation_;
    admin::process_state state_;
    audit::unproven_records unproven_;
    login::shared_guesses guesses_;
    shared_parts parts_;
    std::shared_ptr<http::request_metrics> request_metrics_ =
        std::make_shared<http::request_metrics>();
    std::shared_ptr<directory_metrics> directory_metrics_ =
        std::make_shared<directory_metrics>(federation_.statistics);
    observe::metrics metrics_;
    // What the service does by itself and blocks.
    tasks::worker_thread periodic_;
    keys::key_file_watch key_file_;
    boost::asio::io_context main_{1};
    boost::asio::signal_set signals_;
    boost::asio::steady_timer grace_{main_};
    http::router metrics_router_;
    std::unique_ptr<http::server> metrics_server_;
    std::vector<std::unique_ptr<io_thread>> threads_;
};

}  // namespace

std::unique_ptr<service> service::start(const config::settings& settings, held_clock& time,
                                        randomness& random, observe::log& log,
                                        opening_options meant, std::chrono::seconds leave_grace) {
    return std::make_unique<running_service>(settings, time, random, log, meant, leave_grace);
}

}  // namespace kommpass::idp::service
