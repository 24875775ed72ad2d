#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "config/vocabulary/result.hpp"
#include "directory/line/connect_fault.hpp"
#include "directory/line/server_certificate.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kommpass::directory {

// TLS on a connected, non-blocking descriptor, which is somebody else's. TLS 1.2 or newer; the
// server's certificate has passed `judge_certificate`. Never raises SIGPIPE. One thread at a time.
class tls_session {
public:
    // What was seen on the way, for who wants to show it; also where it failed.
    struct seen {
        std::vector<seen_certificate> chain;  // as the server sent it, its own first
        std::string parameters;               // "TLSv1.3, TLS_AES_256_GCM_SHA384"
    };
    // Shakes hands and judges. Blocks until `until` at most: for worker threads. `now`: what the
    // certificates' dates are held against.
    [[nodiscard]] static result<std::unique_ptr<tls_session>, std::vector<connect_fault>> establish(
        int descriptor, const directory_settings&, const std::string& host,
        std::chrono::steady_clock::time_point until, std::int64_t now_unix_seconds, seen&);
    ~tls_session();
    tls_session(const tls_session&) = delete;

    // As recv and send: -1 with errno EAGAIN where it would block, 0 at the end.
    [[nodiscard]] ssize_t read(void* into, std::size_t size);
    [[nodiscard]] ssize_t write(const void* from, std::size_t size);
    // Whether something is decrypted already that `read` would give without looking at the line.
    [[nodiscard]] bool has_pending() const;

private:
    class state;
    explicit tls_session(std::unique_ptr<state>);
    std::unique_ptr<state> state_;
};

}  // namespace kommpass::directory
