#pragma once

#include "tests/bench/http_load.hpp"

#include <openssl/ssl.h>

namespace kommpass::bench {

// What one thread has counted.
struct tally {
    std::uint64_t requests = 0;
    std::uint64_t journeys = 0;
    std::uint64_t failures = 0;
    latencies of_journeys;
    std::string first_failure;
};

// One connection of the load generator: sends what its script says, reads answers by their
// Content-Length, and is made anew after a failure.
class load_connection {
public:
    load_connection(const load&, std::unique_ptr<script>);
    load_connection(const load_connection&) = delete;
    load_connection& operator=(const load_connection&) = delete;
    ~load_connection();

    // Connects (and does the TLS handshake), waiting for it. Throws std::runtime_error.
    void open(int epoll);
    // Sends the first request.
    void begin();
    // The socket is ready: reads, and sends the next request when an answer is complete.
    void go_on(int epoll, tally&);

private:
    enum class reading { more, closed };
    struct free_tls {
        void operator()(SSL* tls) const noexcept { ::SSL_free(tls); }
        void operator()(SSL_CTX* context) const noexcept { ::SSL_CTX_free(context); }
    };

    void close() noexcept;
    void handshake();
    void send_next();
    bool send_rest();
    reading receive();
    // The length of the complete answer in the buffer, or 0.
    std::size_t complete_answer(answer&) const noexcept;
    void fail(int epoll, tally&, std::string_view why);

    const load& what_;
    std::unique_ptr<script> script_;
    std::unique_ptr<SSL_CTX, free_tls> context_;
    std::unique_ptr<SSL, free_tls> tls_;
    int socket_ = -1;
    std::string_view unsent_;
    std::string received_;
    std::size_t size_ = 0;  // of what has been received
    bool in_journey_ = false;
    std::chrono::steady_clock::time_point began_;
};

}  // namespace kommpass::bench
