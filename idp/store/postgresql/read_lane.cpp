#include "idp/store/postgresql/read_lane.hpp"

#include "idp/store/engine/thread_name.hpp"
#include "idp/store/postgresql/pause.hpp"

#include <algorithm>

namespace kommpass::idp::store::postgresql {
namespace {

constexpr std::size_t largest_batch = 16;  // the other lanes want some of them too

deadlines deadlines_of(const postgresql_options& options) {
    deadlines limits;
    limits.connecting = options.connecting;
    limits.answering = options.answering;
    limits.statement = options.answering * 4 / 5;
    limits.lock = options.answering * 3 / 5;
    return limits;
}

}  // namespace

read_lane::read_lane(unsigned number, const address& to, const postgresql_options& options,
                     engine::unit_queue& queue, engine::counters& counts,
                     engine::failure_report& report)
    : options_(options),
      queue_(queue),
      counters_(counts),
      report_(report),
      connection_(to, connection::use::reading, deadlines_of(options)),
      transaction_(connection_) {
    thread_ = std::thread([this] { run(); });
    engine::name_thread(thread_, ("store-read-" + std::to_string(number)).c_str());
}

void read_lane::join() {
    if (thread_.joinable()) thread_.join();
}

void read_lane::run() {
    connection_.one_by_one(true);
    engine::units batch;
    while (queue_.take(batch, std::min(largest_batch, options_.largest_batch))) {
        serve(batch);
        batch.clear();
        end();
        if (failed_in_a_row_ > 0) pause(failed_in_a_row_);
    }
}

// Where the database is gone, one wait for it is enough for all.
void read_lane::serve(const engine::units& batch) {
    bool gone = false;
    for (const auto& one : batch) {
        const auto error = gone ? std::optional(store_error::unavailable) : perform(*one);
        one->finish(error);
        gone = error && !connection_.is_open();
    }
}

std::optional<store_error> read_lane::perform(unit& one) {
    for (;;) {
        const bool was_open = connection_.is_open();
        try {
            begin();
            one.perform(transaction_);
            ++counters_.reads;
            failed_in_a_row_ = 0;
            report_.works();
            return std::nullopt;
        } catch (const engine_failure& failure) {
            connection_.roll_back();
            in_transaction_ = false;
            // It died since it was last used, or the server is no longer the one that writes.
            if (was_open && !connection_.is_open()) continue;
            ++counters_.failures;
            ++failed_in_a_row_;
            report_(failure.what());
            return store_error::unavailable;
        } catch (...) {
            connection_.roll_back();
            in_transaction_ = false;
            return store_error::unavailable;
        }
    }
}

void read_lane::begin() {
    if (in_transaction_ && connection_.is_open()) return;
    if (!connection_.is_open()) connection_.open();
    connection_.queue("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    in_transaction_ = true;
}

void read_lane::end() {
    if (!in_transaction_) return;
    connection_.roll_back();  // there is nothing to keep
    in_transaction_ = false;
}

}  // namespace kommpass::idp::store::postgresql
