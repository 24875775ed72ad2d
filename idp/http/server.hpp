#pragma once

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/http/router.hpp"
#include "idp/http/shared_listener.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace kommpass::idp::observe {
class log;
}

namespace kommpass::idp::http {

// What the server tells of each request once it is answered; for logs and metrics. Called on the
// I/O thread.
struct answered {
    const request* asked;        // what could be read of it
    const router::route* route;  // null: none matched, or the request was refused before
    unsigned status;
    std::size_t bytes;
    std::chrono::microseconds took;  // from the request's last byte to the answer's first
};
using answer_observer = std::function<void(const answered&)>;

// Makes the page for a request that no handler answers: 400, 404, 405, 408, 413, 414, 417, 431, 500
// or 501. The status is the server's to set. Must not throw; if it does, plain text is sent.
using error_answer = std::function<response(const request&, unsigned status)>;

struct server_options {
    const clock& time;  // for the Date header
    randomness& random;
    observe::log& log;
    answer_observer observer = {};
    error_answer on_error = {};  // none: plain text with the request id
};

// One listening socket with its connections, on one I/O thread (SO_REUSEPORT: every thread has its
// own). HTTP/1.1 with keep-alive; bounds from `limits`; TLS by BSI TR-02102-2 (1.2 and 1.3, forward
// secrecy, AEAD). What cannot be parsed or is too large gets 400, 408, 413, 414 or 431 and the
// connection is closed. An exception out of a handler is answered with the 500 page and logged; the
// server goes on.
class server {
public:
    // Closes what is still open. On the I/O thread, or once it no longer runs.
    virtual ~server() = default;
    // Every thread's server gets the same `shared_listener`. `settings`, `router` and what
    // `options` refer to must outlive the io_context's run. Throws std::runtime_error naming
    // address and remedy if the port cannot be had.
    [[nodiscard]] static std::unique_ptr<server> listen(boost::asio::io_context&,
                                                        std::shared_ptr<shared_listener>,
                                                        const config::settings&, const router&,
                                                        server_options);
    [[nodiscard]] virtual std::uint16_t port()
        const noexcept = 0;  // the real one, where 0 was asked
    // From now on every answer ends its connection, at the boundary of a request, so that whoever
    // keeps connections to this server has none left when it stops. From any thread.
    virtual void begin_leaving() = 0;
    // Stops accepting, closes idle connections, lets requests in flight finish. `done` is called on
    // the I/O thread when none is left. From any thread.
    virtual void stop(std::function<void()> done) = 0;
};

}  // namespace kommpass::idp::http
