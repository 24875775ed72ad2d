#include "idp/store/sqlite/writer.hpp"

#include "idp/store/engine/thread_name.hpp"

#include <sqlite3.h>

namespace kommpass::idp::store::sqlite {

writer::writer(const std::filesystem::path& file, const sqlite_options& options,
               engine::counters& counts)
    : options_(options),
      counters_(counts),
      report_(options.report, options.writing),
      copying_(options.report),
      connection_(file, options.busy_timeout),
      transaction_(connection_),
      begin_(connection_, "BEGIN IMMEDIATE"),
      commit_(connection_, "COMMIT"),
      checkpointer_(file, options.busy_timeout, options.report),
      queue_(options.waiting_bound) {
    // secure_delete: what a sweep deletes is overwritten, not only unlinked (docs of this folder).
    connection_.execute(
        "PRAGMA synchronous = FULL; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY;"
        "PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 67108864;"
        "PRAGMA trusted_schema = OFF");
    sqlite3_wal_hook(connection_.handle(), &writer::on_commit, this);
    thread_ = std::thread([this] { run(); });
    engine::name_thread(thread_, "store-write");
}

writer::~writer() { stop(); }

void writer::stop() {
    queue_.close();
    if (thread_.joinable()) thread_.join();
}

int writer::on_commit(void* self, sqlite3*, const char*, int frames) noexcept {
    static_cast<writer*>(self)->frames_in_log_ = frames;
    return SQLITE_OK;
}

void writer::run() {
    engine::units batch;
    while (queue_.take(batch, options_.largest_batch)) {
        const auto begun = std::chrono::steady_clock::now();
        commit_together(batch);
        const bool in_company = batch.size() > 1;
        batch.clear();
        keep_log_short();
        if (in_company) std::this_thread::sleep_until(begun + options_.pace);
    }
}

void writer::commit_together(const engine::units& batch) {
    std::vector<bool> undone;
    try {
        begin_.run();
        try {
            perform_all(batch);
        } catch (const engine_failure&) {
            throw;
        } catch (...) {
            // Rare, so the good path does without a savepoint for each unit.
            roll_back();
            begin_.run();
            perform_apart(batch, undone);
        }
        commit_.run();
    } catch (const std::exception& failure) {
        roll_back();
        ++counters_.failures;
        report_(failure.what());
        for (const auto& one : batch) one->finish(store_error::unavailable);
        return;
    }
    report_.works();
    ++counters_.commits;
    counters_.writes += batch.size();
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const bool kept = undone.empty() || !undone[i];
        batch[i]->finish(kept ? std::nullopt : std::optional(store_error::unavailable));
    }
}

void writer::perform_all(const engine::units& batch) {
    for (const auto& one : batch) one->perform(transaction_);
}

void writer::perform_apart(const engine::units& batch, std::vector<bool>& undone) {
    undone.resize(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
        connection_.execute("SAVEPOINT one");
        try {
            batch[i]->perform(transaction_);
        } catch (const engine_failure&) {
            throw;
        } catch (...) {
            undone[i] = true;
            connection_.execute("ROLLBACK TO one");
        }
        connection_.execute("RELEASE one");
    }
}

void writer::roll_back() noexcept {
    if (connection_.in_transaction())
        sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void writer::keep_log_short() {
    if (!checkpointer_.log_has(frames_in_log_)) return;
    try {
        copy_log(connection_);
        copying_.works();
    } catch (const std::exception& failure) {
        copying_(failure.what());
    }
}

}  // namespace kommpass::idp::store::sqlite
