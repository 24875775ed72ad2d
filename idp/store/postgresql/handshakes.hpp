#pragma once

#include "idp/store/postgresql/address.hpp"

#include <libpq-fe.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kommpass::idp::store::postgresql {

// What libpq says without its line breaks.
[[nodiscard]] std::string one_line(std::string_view text);

struct close_connection {
    void operator()(PGconn* handle) const noexcept { PQfinish(handle); }
};
using connection_handle = std::unique_ptr<PGconn, close_connection>;

// The servers of an address, asked to let us in one shortly after another (as RFC 8305 does with
// addresses), so that one that says nothing holds up nobody: a fail-over must not take the sum of
// all silences. For one thread; blocks in `next`. Ends what is under way with itself.
class handshakes {
public:
    using clock = std::chrono::steady_clock;
    struct opened {
        std::size_t server;  // by place in the address
        connection_handle handle;
    };

    // Begins with the server `first`; each has `within` for itself. `to` outlives it.
    handshakes(const address& to, std::size_t first, std::chrono::milliseconds within);

    // The next server that let us in; nothing once none is left.
    [[nodiscard]] std::optional<opened> next();
    // Each server that did not let us in, with its reason.
    [[nodiscard]] const std::string& refused() const noexcept { return refused_; }
    void add_refusal(const std::string& words);

private:
    struct attempt {
        std::size_t server;
        connection_handle handle;
        clock::time_point until;
        PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    };

    void begin_due();
    void await();
    // Takes the attempt out if it is over; the handle if it let us in.
    [[nodiscard]] std::optional<opened> settle(std::size_t at);
    void refuse(std::size_t at, const char* why);

    const address& to_;
    const std::size_t first_;
    const std::chrono::milliseconds within_;
    std::size_t begun_ = 0;
    clock::time_point next_at_;
    std::vector<attempt> under_way_;
    std::string refused_;
};

}  // namespace kommpass::idp::store::postgresql
