#include "idp/store/sqlite_store.hpp"

#include "idp/store/engine/awaited_unit.hpp"
#include "idp/store/sqlite/connection.hpp"
#include "idp/store/sqlite/migrate.hpp"
#include "idp/store/sqlite/reader.hpp"
#include "idp/store/sqlite/writer.hpp"

#include <sqlite3.h>

#include <exception>

namespace kommpass::idp::store {
namespace {

class sqlite_store final : public store {
public:
    sqlite_store(const std::filesystem::path& file, const sqlite_options& options)
        : writer_(file, options, counters_), reader_(file, options, counters_) {}
    ~sqlite_store() override { stop_both(); }

    result<void, store_error> write_now(const std::function<void(transaction&)>& work) override {
        return run_now(work, kind::write);
    }
    result<void, store_error> read_now(const std::function<void(transaction&)>& work) override {
        return run_now(work, kind::read);
    }

    void stop() override { stop_both(); }

    [[nodiscard]] store_statistics statistics() const override {
        return {.writes = counters_.writes,
                .commits = counters_.commits,
                .reads = counters_.reads,
                .refused = counters_.refused,
                .failures = counters_.failures,
                .waiting = writer_.waiting() + reader_.waiting()};
    }

protected:
    void submit(std::unique_ptr<unit> one, kind k) override {
        auto& queue = k == kind::write ? writer_.queue() : reader_.queue();
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
    void stop_both() {
        writer_.stop();
        reader_.stop();
    }

    engine::counters counters_;
    sqlite::writer writer_;
    sqlite::reader reader_;
};

// SQLite counts its memory under one lock for all threads, for figures that nobody here reads.
// Only the first call in a process counts, before SQLite has begun to work.
void leave_memory_uncounted() {
    [[maybe_unused]] static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

// A file into which `store copy` (copy_store.hpp) has begun to copy and not finished.
std::string objection_to_copy(const std::filesystem::path& file,
                              std::chrono::milliseconds busy_timeout) {
    sqlite::connection on(file, busy_timeout);
    if (on.integer("SELECT count(*) FROM sqlite_master WHERE name = 'store_copy'") == 0) return {};
    return "the store " + file.string() +
           " is the target of a copy that has not come to its end; run `kommpass store copy` again";
}

}  // namespace

result<std::unique_ptr<store>, std::string> open_sqlite_store(const std::filesystem::path& file,
                                                              sqlite_options options) {
    leave_memory_uncounted();
    if (auto ready = sqlite::prepare_file(file, options.busy_timeout, sqlite::known_migrations());
        !ready)
        return ready.error();
    try {
        if (auto refused = objection_to_copy(file, options.busy_timeout); !refused.empty())
            return refused;
        return std::make_unique<sqlite_store>(file, options);
    } catch (const std::exception& failure) {
        return "the store " + file.string() + " cannot be used: " + failure.what();
    }
}

}  // namespace kommpass::idp::store
