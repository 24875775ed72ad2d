#pragma once

#include "idp/store/sqlite/checkpointer.hpp"
#include "idp/store/sqlite/counters.hpp"
#include "idp/store/sqlite/failure_report.hpp"
#include "idp/store/sqlite/transaction.hpp"
#include "idp/store/sqlite/unit_queue.hpp"
#include "idp/store/sqlite_store.hpp"

#include <thread>

namespace kommpass::idp::store::sqlite {

// The one thread that writes: takes all work that waits, performs it in one transaction, makes that
// durable with one commit, and only then lets the waiting ones go on.
class writer {
public:
    writer(const std::filesystem::path& file, const sqlite_options&, counters&);
    ~writer();

    [[nodiscard]] unit_queue& queue() noexcept { return queue_; }
    [[nodiscard]] std::size_t waiting() const { return queue_.size(); }
    void stop();  // after all that waits is done

private:
    void run();
    void commit_together(const units& batch);
    void perform_all(const units& batch);
    void perform_apart(const units& batch, std::vector<bool>& undone);
    void roll_back() noexcept;
    void keep_log_short();
    static int on_commit(void* self, struct ::sqlite3*, const char*, int frames) noexcept;

    const sqlite_options options_;
    counters& counters_;
    failure_report report_;
    failure_report copying_;  // of the log: nobody's work is lost by it
    connection connection_;
    all_concerns transaction_;
    statement begin_;
    statement commit_;
    checkpointer checkpointer_;
    int frames_in_log_ = 0;
    unit_queue queue_;
    std::thread thread_;
};

}  // namespace kommpass::idp::store::sqlite
