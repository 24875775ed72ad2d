#include "idp/store/postgresql/write_lane.hpp"

#include "idp/store/engine/thread_name.hpp"
#include "idp/store/postgresql/pause.hpp"

#include <limits>
#include <utility>

namespace kommpass::idp::store::postgresql {
namespace {

constexpr int most_attempts = 4;        // of one batch
constexpr unsigned commits_apart = 64;  // old outcome ids are removed once in so many

deadlines deadlines_of(const postgresql_options& options) {
    deadlines limits;
    limits.connecting = options.connecting;
    limits.answering = options.answering;
    limits.statement = options.answering * 4 / 5;
    limits.lock = options.answering * 3 / 5;
    return limits;
}

}  // namespace

write_lane::write_lane(unsigned number, const address& to, const postgresql_options& options,
                       engine::unit_queue& queue, engine::counters& counts,
                       engine::failure_report& report)
    : options_(options),
      queue_(queue),
      counters_(counts),
      report_(report),
      connection_(to, connection::use::writing, deadlines_of(options)),
      transaction_(connection_),
      outcomes_(connection_),
      turn_(connection_, "SELECT 1 FROM writer_turn WHERE one = 1 FOR UPDATE") {
    thread_ = std::thread([this] { run(); });
    engine::name_thread(thread_, ("store-write-" + std::to_string(number)).c_str());
}

void write_lane::join() {
    if (thread_.joinable()) thread_.join();
}

void write_lane::run() {
    while (queue_.wait_for_work()) serve();
}

void write_lane::serve() {
    undone_.clear();
    if (!get_turn()) return;
    queue_.take_now(batch_, options_.largest_batch);
    if (batch_.empty()) return connection_.roll_back();  // the other lane was quicker
    commit_batch();
    batch_.clear();
}

// False: there is none to be had, and what waits was told so.
bool write_lane::get_turn() {
    try {
        begin();
        failed_in_a_row_ = 0;
        return true;
    } catch (const std::exception& failure) {
        connection_.roll_back();
        ++counters_.failures;
        report_(failure.what());
        queue_.take_now(batch_, std::numeric_limits<std::size_t>::max());
        finish_all(store_error::unavailable);
        batch_.clear();
        pause(++failed_in_a_row_);
        return false;
    }
}

// A connection that died since it was last used is no failure: nothing was sent on it yet.
void write_lane::begin() {
    for (;;) {
        const bool was_open = connection_.is_open();
        try {
            if (!was_open) connection_.open();
            if (!undecided_.empty()) look_after_undecided();
            id_ = outcomes::new_id();
            connection_.queue("BEGIN ISOLATION LEVEL READ COMMITTED");
            outcomes_.begin(id_);
            auto mine = turn_.query();
            if (!mine.next()) throw engine_failure("the table writer_turn is empty");
            return;
        } catch (const connection_lost&) {
            if (!was_open) throw;
        }
    }
}

void write_lane::look_after_undecided() {
    const auto ids = std::exchange(undecided_, {});
    for (const auto& id : ids) {
        switch (outcomes_.decide(id, options_.answering)) {
            case verdict::kept:
                report_("work that was answered as failed was kept after all");
                break;
            case verdict::void_:
                break;
            case verdict::undecided:
                undecided_.push_back(id);
        }
    }
    if (!connection_.is_open()) connection_.open();
}

void write_lane::commit_batch() {
    auto way = how::together;
    std::optional<store_error> error;
    for (int again = 0; !attempt(way, again, error);) {
    }
    if (error) {
        ++counters_.failures;
    } else {
        report_.works();
        ++counters_.commits;
        counters_.writes += batch_.size();
    }
    finish_all(error);
}

// One run of the whole batch in the open transaction. True: it is over, with or without an error.
// False: the transaction was begun anew, do it again.
bool write_lane::attempt(how& way, int& again, std::optional<store_error>& error) {
    std::string words;
    try {
        way == how::together ? perform_together() : perform_apart();
        if (++commits_ % commits_apart == 0) outcomes_.forget_old();
        connection_.commit();
        return true;
    } catch (const unknown_outcome& failure) {
        return after_unknown(failure, again, error);
    } catch (const connection_lost& failure) {
        words = failure.what();
        again += most_attempts - 1;  // once more and not again
    } catch (const conflict& failure) {
        words = failure.what();
        ++again;
    } catch (const std::exception& failure) {
        // One unit's bug, or a statement that the server refused: found by doing each by itself.
        words = failure.what();
        again += way == how::apart ? most_attempts : 0;
        way = how::apart;
    } catch (...) {
        words = "a unit of work threw something strange";
        again += way == how::apart ? most_attempts : 0;
        way = how::apart;
    }
    connection_.roll_back();
    undone_.clear();
    if (again < most_attempts) {
        try {
            if (again > 0) {
                if (options_.noticed) options_.noticed("repeated", words);
                pause(again);
            }
            begin();
            return false;
        } catch (const std::exception& failure) {
            words = failure.what();
            connection_.roll_back();
        }
    }
    report_(words);
    error = store_error::unavailable;
    return true;
}

bool write_lane::after_unknown(const unknown_outcome& failure, int& again,
                               std::optional<store_error>& error) {
    const auto became = outcomes_.decide(id_, options_.deciding);
    if (options_.noticed && became != verdict::undecided)
        options_.noticed(became == verdict::kept ? "kept" : "void", failure.what());
    switch (became) {
        case verdict::kept:
            return true;
        case verdict::void_:
            try {
                undone_.clear();
                if (++again >= most_attempts) break;
                begin();
                return false;
            } catch (const std::exception&) {
                break;
            }
        case verdict::undecided:
            undecided_.push_back(id_);
    }
    connection_.roll_back();
    report_(failure.what());
    error = store_error::unavailable;
    return true;
}

void write_lane::perform_together() {
    connection_.one_by_one(false);
    for (const auto& one : batch_) one->perform(transaction_);
}

void write_lane::perform_apart() {
    connection_.one_by_one(true);
    undone_.assign(batch_.size(), false);
    for (std::size_t i = 0; i < batch_.size(); ++i) {
        connection_.queue("SAVEPOINT one");
        try {
            batch_[i]->perform(transaction_);
            connection_.queue("RELEASE one");
            continue;
        } catch (const connection_lost&) {
            throw;
        } catch (const conflict&) {
            throw;
        } catch (...) {
            undone_[i] = true;
        }
        connection_.queue("ROLLBACK TO one");
        connection_.queue("RELEASE one");
        connection_.exchange();
    }
}

void write_lane::finish_all(std::optional<store_error> error) {
    for (std::size_t i = 0; i < batch_.size(); ++i) {
        const bool kept = undone_.empty() || !undone_[i];
        batch_[i]->finish(error || kept ? error : std::optional(store_error::unavailable));
    }
}

}  // namespace kommpass::idp::store::postgresql
