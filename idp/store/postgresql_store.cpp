#include "idp/store/postgresql_store.hpp"

#include "idp/store/engine/awaited_unit.hpp"
#include "idp/store/open_store.hpp"
#include "idp/store/postgresql/copy_mark.hpp"
#include "idp/store/postgresql/migrate.hpp"
#include "idp/store/postgresql/pooler.hpp"
#include "idp/store/postgresql/read_lane.hpp"
#include "idp/store/postgresql/write_lane.hpp"
#include "idp/store/sql/revisions.hpp"

#include <memory>
#include <vector>

namespace kommpass::idp::store {
namespace {

namespace pg = postgresql;

class postgresql_store final : public store {
public:
    postgresql_store(pg::address to, postgresql_options options)
        : address_(std::move(to)),
          options_(std::move(options)),
          writing_(options_.report, options_.writing),
          reading_(options_.report, options_.reading),
          writes_(options_.waiting_bound),
          reads_(options_.waiting_bound) {
        for (unsigned n = 1; n <= options_.write_lanes; ++n)
            write_lanes_.push_back(std::make_unique<pg::write_lane>(n, address_, options_, writes_,
                                                                    counters_, writing_));
        for (unsigned n = 1; n <= options_.read_lanes; ++n)
            read_lanes_.push_back(std::make_unique<pg::read_lane>(n, address_, options_, reads_,
                                                                  counters_, reading_));
    }
    ~postgresql_store() override { stop_all(); }

    result<void, store_error> write_now(const std::function<void(transaction&)>& work) override {
        return run_now(work, kind::write);
    }
    result<void, store_error> read_now(const std::function<void(transaction&)>& work) override {
        return run_now(work, kind::read);
    }

    void stop() override { stop_all(); }

    [[nodiscard]] store_statistics statistics() const override {
        return {.writes = counters_.writes,
                .commits = counters_.commits,
                .reads = counters_.reads,
                .refused = counters_.refused,
                .failures = counters_.failures,
                .waiting = writes_.size() + reads_.size()};
    }

protected:
    void submit(std::unique_ptr<unit> one, kind k) override {
        auto& queue = k == kind::write ? writes_ : reads_;
        if (const auto refused = queue.push(one)) {
            if (*refused == store_error::overloaded) ++counters_.refused;
            one->finish(refused);
        }
    }

private:
    result<void, store_error> run_now(const std::function<void(transaction&)>& work, kind k) {
        auto one = std::make_unique<engine::awaited_unit>(work);
        auto done = one->done();
        submit(std::move(one), k);
        if (const auto error = done.get()) return *error;
        return {};
    }
    void stop_all() {
        writes_.close();
        reads_.close();
        for (const auto& lane : write_lanes_) lane->join();
        for (const auto& lane : read_lanes_) lane->join();
    }

    const pg::address address_;
    const postgresql_options options_;
    engine::counters counters_;
    engine::failure_report writing_;
    engine::failure_report reading_;
    engine::unit_queue writes_;
    engine::unit_queue reads_;
    std::vector<std::unique_ptr<pg::write_lane>> write_lanes_;
    std::vector<std::unique_ptr<pg::read_lane>> read_lanes_;
};

pg::deadlines deadlines_of(const postgresql_options& options) {
    pg::deadlines limits;
    limits.connecting = options.connecting;
    limits.answering = options.answering;
    return limits;
}

// What stands against using it, with the name before it; empty: nothing does.
std::string refusal(pg::connection& on, const pg::address& to, pg::deadlines limits) {
    auto words = pg::objection(on, pg::known_migrations());
    if (words.empty()) words = pg::objection_to_pooler(on, to, limits);
    if (words.empty()) words = pg::objection_to_copy(on);
    return words.empty() ? words : "the store " + to.shown + " " + words;
}

// Who receives what a server writes is named to privileged roles only, but counted for everybody.
std::string weakness(pg::connection& on, const pg::address& to) {
    const auto answer = on.ask(
        "SELECT count(*)::bigint FROM pg_stat_replication"
        " WHERE current_setting('synchronous_standby_names') = ''");
    if (answer.integer(0, 0) == 0) return {};
    return "the store " + to.shown + " is followed by " + std::to_string(answer.integer(0, 0)) +
           " receiver(s) and waits for none: after a fail-over to one of them, what was "
           "acknowledged may be lost; name it in synchronous_standby_names (with Patroni "
           "synchronous_mode: true)";
}

result<void, std::string> prepare(const pg::address& to, const postgresql_options& options) {
    const std::string name = "the store " + to.shown + " ";
    const auto limits = deadlines_of(options);
    try {
        pg::connection on(to, pg::connection::use::writing, limits);
        on.open();
        if (auto refused = refusal(on, to, limits); !refused.empty()) return refused;
        auto applied = pg::apply_missing(on, pg::known_migrations(), {.tell = options.report});
        if (!applied) return name + "cannot be used: " + applied.error();
        return {};
    } catch (const std::exception& failure) {
        return name + "cannot be used: " + failure.what();
    }
}

}  // namespace

result<std::unique_ptr<store>, std::string> open_postgresql_store(const std::string& url,
                                                                  postgresql_options options) {
    auto to = pg::read_address(url);
    if (!to) return to.error();
    if (auto ready = prepare(*to, options); !ready) return ready.error();
    return std::make_unique<postgresql_store>(std::move(*to), std::move(options));
}

result<store_look, std::string> look_at_postgresql_store(const std::string& url) {
    using answer = result<store_look, std::string>;
    const auto to = pg::read_address(url);
    if (!to) return answer(to.error());
    const auto limits = deadlines_of({});
    try {
        pg::connection on(*to, pg::connection::use::reading, limits);
        on.open();
        if (auto refused = refusal(on, *to, limits); !refused.empty()) return answer(refused);
        store_look found;
        found.weakness = weakness(on, *to);
        found.begins_anew = pg::schema_version(on) == 0;
        if (found.begins_anew) return answer(std::move(found));
        if (auto newest = sql::revisions(on).latest()) {
            found.revision = newest->number;
            found.documents_json = std::move(newest->documents_json);
        }
        return answer(std::move(found));
    } catch (const std::exception& failure) {
        return answer("the store " + to->shown + " cannot be used: " + failure.what());
    }
}

}  // namespace kommpass::idp::store
