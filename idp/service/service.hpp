#pragma once

#include "config/settings.hpp"
#include "config/vocabulary/held_clock.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/observe/log.hpp"
#include "idp/service/opening.hpp"

#include <cstdint>
#include <memory>

namespace kommpass::idp::service {

// The running service: store, keys, registry, one I/O thread for each core with its own listening
// socket, the metrics listener, and the tasks that follow the clock. Made once by `kommpass
// serve`.
class service {
public:
    virtual ~service() = default;

    // Opens everything and begins to listen; answers requests from the moment it returns, whether
    // the members' directories do or not. Throws std::runtime_error with everything that is wrong
    // and the remedies (`look_at_everything`); says what it starts with all the same.
    [[nodiscard]] static std::unique_ptr<service> start(const config::settings&, held_clock&,
                                                        randomness&, observe::log&,
                                                        opening_options = {},
                                                        std::chrono::seconds leave_grace = {});

    // Blocks until SIGTERM or SIGINT, then leaves: for `leave_grace` it is not ready (/readyz) and
    // ends each connection with its next answer, but serves whoever comes, so that a load balancer
    // sends nobody here any more; a second signal ends the grace. Then it stops: no new
    // connections, requests in flight are finished within a bound, the store is flushed, and what
    // it did for all nodes is handed over. SIGHUP takes over the newest revision, the key
    // file and the certificate, and accepts the wall clock as it is.
    virtual void run_until_signalled() = 0;

    [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;
};

}  // namespace kommpass::idp::service
