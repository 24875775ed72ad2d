#pragma once

#include "idp/store/engine/counters.hpp"
#include "idp/store/engine/failure_report.hpp"
#include "idp/store/engine/unit_queue.hpp"
#include "idp/store/sql/statement.hpp"
#include "idp/store/sql/transaction.hpp"
#include "idp/store/sqlite/connection.hpp"
#include "idp/store/sqlite_store.hpp"

#include <thread>

namespace kommpass::idp::store::sqlite {

// The thread that reads. All work that waits shares one read transaction, which begins after the
// work came and so sees every write that was acknowledged before.
class reader {
public:
    reader(const std::filesystem::path& file, const sqlite_options&, engine::counters&);
    ~reader();

    [[nodiscard]] engine::unit_queue& queue() noexcept { return queue_; }
    [[nodiscard]] std::size_t waiting() const { return queue_.size(); }
    void stop();  // after all that waits is done

private:
    void run();
    void perform(unit&);

    const std::size_t largest_batch_;
    engine::counters& counters_;
    engine::failure_report report_;
    connection connection_;
    sql::all_concerns transaction_;
    sql::statement begin_;
    sql::statement end_;
    engine::unit_queue queue_;
    std::thread thread_;
};

}  // namespace kommpass::idp::store::sqlite
