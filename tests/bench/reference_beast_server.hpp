#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace kommpass::bench {

// The plainest server that one would write with Beast after its examples: a coroutine for each
// connection, one io_context and one acceptor (SO_REUSEPORT) for each thread, keep-alive, the same
// JSON for every request; no TLS, no bounds, no deadlines, no routes. What our server is measured
// against.
class reference_beast_server {
public:
    reference_beast_server(unsigned threads, std::string json);
    reference_beast_server(const reference_beast_server&) = delete;
    reference_beast_server& operator=(const reference_beast_server&) = delete;
    ~reference_beast_server();

    [[nodiscard]] std::uint16_t port() const noexcept;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace kommpass::bench
