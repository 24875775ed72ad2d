#include "idp/store/sqlite/checkpointer.hpp"

#include "idp/store/engine/thread_name.hpp"

#include <sqlite3.h>

namespace kommpass::idp::store::sqlite {
namespace {

constexpr int frames_between = 4096;  // 16 MB of log

}  // namespace

void copy_log(connection& on) {
    const int code = sqlite3_wal_checkpoint_v2(on.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                               nullptr, nullptr);
    // Busy: another process copies at this moment.
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY && (code & 0xff) != SQLITE_LOCKED)
        on.fail(code, "checkpoint");
}

checkpointer::checkpointer(const std::filesystem::path& file,
                           std::chrono::milliseconds busy_timeout,
                           std::function<void(const std::string&)> report)
    : connection_(file, busy_timeout), report_(std::move(report)), next_at_(frames_between) {
    connection_.execute("PRAGMA synchronous = FULL; PRAGMA cache_size = -64");
    thread_ = std::thread([this] { run(); });
    engine::name_thread(thread_, "store-copy");
}

checkpointer::~checkpointer() {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

bool checkpointer::log_has(int frames) {
    if (copied_.exchange(false)) {
        next_at_ = frames_between;
        return true;
    }
    if (frames < next_at_) return false;
    // Should this attempt fail, the next one comes when the log has grown as much again.
    next_at_ = frames + frames_between;
    {
        const std::lock_guard lock(mutex_);
        wanted_ = true;
    }
    changed_.notify_one();
    return false;
}

void checkpointer::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return wanted_ || ended_; });
        if (ended_) return;
        wanted_ = false;
        lock.unlock();
        try {
            sqlite::copy_log(connection_);
            copied_ = true;
            report_.works();
        } catch (const std::exception& failure) {
            report_(failure.what());
        }
        lock.lock();
    }
}

}  // namespace kommpass::idp::store::sqlite
