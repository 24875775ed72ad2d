#pragma once

#include "config/settings.hpp"
#include "idp/http/router.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>

namespace kommpass::idp::http {

// What the server tells of each request once it is answered; for logs and metrics. Called on the
// I/O thread.
struct answered {
    const request* asked;
    unsigned status;
    std::size_t bytes;
    std::chrono::microseconds took;
};
using answer_observer = std::function<void(const answered&)>;

// One listening socket with its connections, on one I/O thread (SO_REUSEPORT: every thread has its
// own). HTTP/1.1 with keep-alive; bounds from `limits`; TLS by BSI TR-02102-2 (1.2 and 1.3, forward
// secrecy, AEAD). What cannot be parsed or is too large gets 400, 408, 413, 414 or 431 and the
// connection is closed. An exception out of a handler is answered with the 500 page and logged; the
// server goes on.
class server {
public:
    virtual ~server() = default;
    // Throws std::runtime_error naming address and remedy if the port cannot be had or the
    // certificate not read.
    [[nodiscard]] static std::unique_ptr<server> listen(boost::asio::io_context&,
                                                        const config::listener&,
                                                        const config::settings&, const router&,
                                                        answer_observer);
    [[nodiscard]] virtual std::uint16_t port()
        const noexcept = 0;  // the real one, where 0 was asked
    // Stops accepting, closes idle connections, lets requests in flight finish. `done` when none is
    // left.
    virtual void stop(std::function<void()> done) = 0;
};

}  // namespace kommpass::idp::http
