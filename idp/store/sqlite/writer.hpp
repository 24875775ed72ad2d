#pragma once

#include "idp/store/engine/counters.hpp"
#include "idp/store/engine/failure_report.hpp"
#include "idp/store/engine/unit_queue.hpp"
#include "idp/store/sql/statement.hpp"
#include "idp/store/sql/transaction.hpp"
#include "idp/store/sqlite/checkpointer.hpp"
#include "idp/store/sqlite/connection.hpp"
#include "idp/store/sqlite_store.hpp"

#include <thread>

namespace kommpass::idp::store::sqlite {

// The one thread that writes: takes all work that waits, performs it in one transaction, makes that
// durable with one commit, and only then lets the waiting ones go on.
class writer {
public:
    writer(const std::filesystem::path& file, const sqlite_options&, engine::counters&);
    ~writer();

    [[nodiscard]] engine::unit_queue& queue() noexcept { return queue_; }
    [[nodiscard]] std::size_t waiting() const { return queue_.size(); }
    void stop();  // after all that waits is done

private:
    void run();
    void commit_together(const engine::units& batch);
    void perform_all(const engine::units& batch);
    void perform_apart(const engine::units& batch, std::vector<bool>& undone);
    void roll_back() noexcept;
    void keep_log_short();
    static int on_commit(void* self, struct ::sqlite3*, const char*, int frames) noexcept;

    const sqlite_options options_;
    engine::counters& counters_;
    engine::failure_report report_;
    engine::failure_report copying_;  // of the log: nobody's work is lost by it
    connection connection_;
    sql::all_concerns transaction_;
    sql::statement begin_;
    sql::statement commit_;
    checkpointer checkpointer_;
    int frames_in_log_ = 0;
    engine::unit_queue queue_;
    std::thread thread_;
};

}  // namespace kommpass::idp::store::sqlite
