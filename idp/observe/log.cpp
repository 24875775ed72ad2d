#include "idp/observe/log.hpp"

#include "idp/observe/log_line.hpp"

#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <poll.h>
#include <unistd.h>

namespace kommpass::idp::observe {
namespace {

constexpr std::size_t most_waiting_bytes = 4 * 1024 * 1024;

// All of it, whatever it takes; a descriptor that is closed or broken loses the lines.
void write_all(int descriptor, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            pollfd ready{descriptor, POLLOUT, 0};
            ::poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            return;
        }
    }
}

}  // namespace

// Lines gather in one string while the thread writes the other one.
class log::writer {
public:
    explicit writer(int descriptor) : descriptor_(descriptor), thread_([this] { run(); }) {}
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;
    ~writer() {
        {
            const std::lock_guard lock(mutex_);
            ending_ = true;
        }
        arrived_.notify_one();
        thread_.join();
    }

    void put(std::string_view line) {
        {
            const std::lock_guard lock(mutex_);
            if (waiting_.size() + line.size() > most_waiting_bytes) {
                ++dropped_;
                return;
            }
            waiting_ += line;
        }
        arrived_.notify_one();
    }

    void flush() {
        std::unique_lock lock(mutex_);
        written_.wait(lock, [&] { return waiting_.empty() && !writing_; });
    }

    // How many were dropped since the last call.
    unsigned long long take_dropped() {
        const std::lock_guard lock(mutex_);
        return std::exchange(dropped_, 0);
    }

private:
    void run() {
        std::string lines;
        std::unique_lock lock(mutex_);
        while (true) {
            arrived_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            lines.swap(waiting_);
            writing_ = true;
            lock.unlock();
            write_all(descriptor_, lines);
            lines.clear();
            lock.lock();
            writing_ = false;
            written_.notify_all();
        }
    }

    int descriptor_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::condition_variable written_;
    std::string waiting_;
    unsigned long long dropped_ = 0;
    bool writing_ = false;
    bool ending_ = false;
    std::thread thread_;  // last: uses all the others
};

log::log(config::log_format format, level least, const clock& time, int file_descriptor)
    : format_(format),
      least_(least),
      time_(time),
      writer_(std::make_unique<writer>(file_descriptor)) {}

log::~log() = default;

void log::write(level wanted, std::string_view event, fields with) {
    if (!writes(wanted)) return;
    const auto now = time_.now();
    if (const auto lost = writer_->take_dropped(); lost > 0) {
        writer_->put(format_line(format_, now, level::warning, "log.dropped", {{"lines", lost}}));
    }
    writer_->put(format_line(format_, now, wanted, event, with));
}

void log::flush() { writer_->flush(); }

}  // namespace kommpass::idp::observe
