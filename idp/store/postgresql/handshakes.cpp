#include "idp/store/postgresql/handshakes.hpp"

#include <poll.h>

#include <algorithm>
#include <new>

namespace kommpass::idp::store::postgresql {
namespace {

// Long enough that a server which is well has answered: no other one is bothered then.
constexpr auto apart = std::chrono::milliseconds(300);

}  // namespace

std::string one_line(std::string_view text) {
    std::string words(text);
    while (!words.empty() && words.back() == '\n') words.pop_back();
    std::ranges::replace(words, '\n', ' ');
    return words;
}

handshakes::handshakes(const address& to, std::size_t first, std::chrono::milliseconds within)
    : to_(to), first_(first), within_(within), next_at_(clock::now()) {}

std::optional<handshakes::opened> handshakes::next() {
    for (;;) {
        begin_due();
        if (under_way_.empty() && begun_ == to_.servers.size()) return std::nullopt;
        for (std::size_t at = under_way_.size(); at-- > 0;) {
            if (auto in = settle(at)) return in;
        }
        if (under_way_.empty()) {
            next_at_ = clock::now();  // nobody else is waited for
            continue;
        }
        await();
    }
}

void handshakes::add_refusal(const std::string& words) {
    refused_ += (refused_.empty() ? "" : "; ") + words;
}

void handshakes::begin_due() {
    const auto now = clock::now();
    if (begun_ == to_.servers.size() || now < next_at_) return;
    const auto server = (first_ + begun_++) % to_.servers.size();
    next_at_ = now + apart;
    std::vector<const char*> keywords;
    std::vector<const char*> values;
    for (const auto& [keyword, value] : to_.servers[server].parameters) {
        keywords.push_back(keyword.c_str());
        values.push_back(value.c_str());
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    connection_handle handle(PQconnectStartParams(keywords.data(), values.data(), 0));
    if (!handle) throw std::bad_alloc();
    under_way_.push_back({server, std::move(handle), now + within_});
}

std::optional<handshakes::opened> handshakes::settle(std::size_t at) {
    auto& one = under_way_[at];
    pollfd now{PQsocket(one.handle.get()), 0, 0};
    now.events = one.state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    const bool is_bad = PQstatus(one.handle.get()) == CONNECTION_BAD;
    if (!is_bad && ::poll(&now, 1, 0) > 0) one.state = PQconnectPoll(one.handle.get());
    if (one.state == PGRES_POLLING_OK) {
        opened in{one.server, std::move(one.handle)};
        under_way_.erase(under_way_.begin() + static_cast<std::ptrdiff_t>(at));
        return in;
    }
    if (is_bad || one.state == PGRES_POLLING_FAILED)
        refuse(at, PQerrorMessage(one.handle.get()));
    else if (clock::now() >= one.until)
        refuse(at, "no answer in time");
    return std::nullopt;
}

void handshakes::refuse(std::size_t at, const char* why) {
    const auto& one = under_way_[at];
    add_refusal("PostgreSQL at " + to_.servers[one.server].name + ": " + one_line(why));
    under_way_.erase(under_way_.begin() + static_cast<std::ptrdiff_t>(at));
}

// Until one of them has something to say or to hear, one is out of time, or the next may begin.
void handshakes::await() {
    auto until = begun_ < to_.servers.size() ? next_at_ : under_way_.front().until;
    std::vector<pollfd> sockets;
    for (const auto& one : under_way_) {
        until = std::min(until, one.until);
        const bool reads = one.state == PGRES_POLLING_READING;
        sockets.push_back(
            {PQsocket(one.handle.get()), static_cast<short>(reads ? POLLIN : POLLOUT), 0});
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now()).count();
    if (left > 0) ::poll(sockets.data(), sockets.size(), static_cast<int>(left));
}

}  // namespace kommpass::idp::store::postgresql
