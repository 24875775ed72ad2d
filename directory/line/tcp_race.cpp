#include "directory/line/tcp_race.hpp"

#include "directory/line/connect_watch.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace kommpass::directory {
namespace {

using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

constexpr milliseconds head_start{250};

connect_fault fault_of(int error) {
    switch (error) {
        case ECONNREFUSED:
        case ECONNRESET:
            return {fault::tcp_refused, std::strerror(error)};
        case ETIMEDOUT:
            return {fault::tcp_silent, {}};
        default:
            return {fault::tcp_unreachable, std::strerror(error)};
    }
}

class racing {
public:
    racing(std::span<const socket_address> places, steady::time_point until, connect_watch& watch)
        : places_(places), until_(until), watch_(watch) {}

    tcp_race run() {
        while (!made_.winner && (next_ < places_.size() || !under_way_.empty())) {
            const auto now = steady::now();
            if (now >= until_ || watch_.was_cut()) break;
            if (next_ < places_.size() && (under_way_.empty() || now >= next_start_))
                start_next(now);
            else
                wait(now);
        }
        end_the_others();
        return std::move(made_);
    }

private:
    struct runner {
        owned_descriptor line;
        std::size_t at;
    };

    void start_next(steady::time_point now) {
        const auto at = next_++;
        next_start_ = now + head_start;
        const auto& where = places_[at];
        owned_descriptor line(
            ::socket(where.get().sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        if (line.get() < 0) return lose(at, errno);
        if (!watch_.watch(line.get())) return;
        const int error = ::connect(line.get(), &where.get(), where.size) == 0 ? 0 : errno;
        if (error == 0) return win({std::move(line), at});
        if (error == EINPROGRESS) return under_way_.push_back({std::move(line), at});
        watch_.let_go(line.get());
        lose(at, error);
    }

    void wait(steady::time_point now) {
        const auto wake = next_ < places_.size() ? std::min(until_, next_start_) : until_;
        const auto left = std::chrono::ceil<milliseconds>(wake - now).count();
        std::vector<pollfd> waiting;
        for (const auto& one : under_way_) waiting.push_back({one.line.get(), POLLOUT, 0});
        if (::poll(waiting.data(), waiting.size(), static_cast<int>(left)) <= 0) return;
        for (std::size_t i = waiting.size(); i-- > 0;) {
            if (waiting[i].revents != 0) finish(i);
        }
    }

    void finish(std::size_t i) {
        auto one = std::move(under_way_[i]);
        under_way_.erase(under_way_.begin() + static_cast<std::ptrdiff_t>(i));
        int error = 0;
        socklen_t size = sizeof error;
        if (::getsockopt(one.line.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
        if (error == 0 && !made_.winner && !watch_.was_cut()) return win(std::move(one));
        watch_.let_go(one.line.get());
        if (error != 0) lose(one.at, error);
    }

    void win(runner one) {
        made_.winner = one.at;
        made_.line = std::move(one.line);
    }
    void lose(std::size_t at, int error) { made_.lost.emplace_back(at, fault_of(error)); }

    // Who began before the winner had its head start, and has not answered.
    void end_the_others() {
        for (auto& one : under_way_) {
            watch_.let_go(one.line.get());
            if (!made_.winner || one.at < *made_.winner)
                made_.lost.emplace_back(one.at, connect_fault{fault::tcp_silent, {}});
        }
        under_way_.clear();
        std::sort(made_.lost.begin(), made_.lost.end(),
                  [](const auto& a, const auto& b) { return a.first < b.first; });
    }

    std::span<const socket_address> places_;
    steady::time_point until_;
    connect_watch& watch_;
    std::size_t next_ = 0;
    steady::time_point next_start_{};
    std::vector<runner> under_way_;
    tcp_race made_;
};

}  // namespace

owned_descriptor& owned_descriptor::operator=(owned_descriptor&& other) noexcept {
    if (this == &other) return *this;
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = other.release();
    return *this;
}

owned_descriptor::~owned_descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

tcp_race race_to(std::span<const socket_address> places, steady::time_point until,
                 connect_watch& watch) {
    return racing(places, until, watch).run();
}

void keep_alive(int descriptor, std::chrono::seconds quiet) {
    const auto set = [&](int level, int option, int value) {
        ::setsockopt(descriptor, level, option, &value, sizeof value);
    };
    // A firewall that drops in silence is found out by data, or by three probes, without an answer.
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, 10'000);
    set(IPPROTO_TCP, TCP_KEEPIDLE, static_cast<int>(std::max<long>(1, quiet.count())));
    set(IPPROTO_TCP, TCP_KEEPINTVL, 5);
    set(IPPROTO_TCP, TCP_KEEPCNT, 3);
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_NODELAY, 1);
}

}  // namespace kommpass::directory
