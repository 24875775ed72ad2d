#pragma once

#include "idp/store/engine/failure_report.hpp"
#include "idp/store/sqlite/connection.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace kommpass::idp::store::sqlite {

// Copies the write-ahead log into the database file on a thread of its own, so that no commit waits
// for it. While commits go on the thread never reaches the log's end; the writer copies the short
// rest itself when told, and then begins the log anew.
class checkpointer {
public:
    checkpointer(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout,
                 std::function<void(const std::string&)> report);
    ~checkpointer();

    // The writer calls this after each commit. True: the bulk is copied, copy the rest now.
    bool log_has(int frames);

private:
    void run();

    connection connection_;
    engine::failure_report report_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool wanted_ = false;
    bool ended_ = false;
    std::atomic<bool> copied_ = false;
    int next_at_;  // the writer's
    std::thread thread_;
};

// Copies what can be copied without waiting for anybody.
void copy_log(connection&);

}  // namespace kommpass::idp::store::sqlite
