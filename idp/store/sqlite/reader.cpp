#include "idp/store/sqlite/reader.hpp"

#include "idp/store/engine/thread_name.hpp"

namespace kommpass::idp::store::sqlite {

reader::reader(const std::filesystem::path& file, const sqlite_options& options,
               engine::counters& counts)
    : largest_batch_(options.largest_batch),
      counters_(counts),
      report_(options.report, options.reading),
      connection_(file, options.busy_timeout),
      transaction_(connection_),
      begin_(connection_, "BEGIN"),
      end_(connection_, "COMMIT"),
      queue_(options.waiting_bound) {
    connection_.execute(
        "PRAGMA query_only = ON; PRAGMA cache_size = -2048; PRAGMA temp_store = MEMORY;"
        "PRAGMA trusted_schema = OFF");
    thread_ = std::thread([this] { run(); });
    engine::name_thread(thread_, "store-read");
}

reader::~reader() { stop(); }

void reader::stop() {
    queue_.close();
    if (thread_.joinable()) thread_.join();
}

void reader::run() {
    engine::units batch;
    while (queue_.take(batch, largest_batch_)) {
        for (const auto& one : batch) perform(*one);
        try {
            if (connection_.in_transaction()) end_.run();
        } catch (const std::exception& failure) {
            report_(failure.what());
        }
        batch.clear();
    }
}

void reader::perform(unit& one) {
    std::optional<store_error> error;
    try {
        if (!connection_.in_transaction()) begin_.run();
        one.perform(transaction_);
        ++counters_.reads;
        report_.works();
    } catch (const engine_failure& failure) {
        ++counters_.failures;
        report_(failure.what());
        error = store_error::unavailable;
    } catch (...) {
        error = store_error::unavailable;
    }
    one.finish(error);
}

}  // namespace kommpass::idp::store::sqlite
