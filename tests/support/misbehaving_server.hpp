#pragma once

#include "tests/support/crafted_certificate.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace kommpass::tests {

// A server on loopback that goes a part of the way and then does something else: how far, and what
// then, as told. Each connection has a thread; all end with this object.
class misbehaving_server {
public:
    enum class stage {
        tcp,       // takes the connection ...
        starttls,  // ... and answers StartTLS well ...
        tls,       // ... or shakes hands at once
    };
    enum class then {
        hangs,
        cuts,
        talks_nonsense,
        refuses_starttls,
        answers_slowly,  // LDAP, each answer after `delay`
        answers,
    };
    struct plan {
        stage far = stage::tcp;
        then what = then::hangs;
        // For the hand-shake; with `starttls` and none the server stops after its answer.
        std::optional<crafted_certificate> certificate{};
        std::chrono::milliseconds delay{0};
    };

    explicit misbehaving_server(plan);
    ~misbehaving_server();
    misbehaving_server(const misbehaving_server&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] int connections() const { return connections_; }

private:
    class line;
    void accept_all();
    void serve(int connection);
    void go_on(line&);
    void answer_ldap(line&);

    plan plan_;
    std::mutex mutex_;
    std::set<int> open_;
    std::vector<std::thread> threads_;  // one for each connection; grown by `accepting_` alone
    std::thread accepting_;
    std::atomic<bool> stopped_{false};
    std::atomic<int> connections_{0};
    int listener_ = -1;
    std::uint16_t port_ = 0;
};

// A port on loopback that swallows every packet which would open a connection: its queue is full.
class swallowing_port {
public:
    swallowing_port();
    ~swallowing_port();
    swallowing_port(const swallowing_port&) = delete;
    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    int listener_ = -1;
    std::vector<int> filling_;
    std::uint16_t port_ = 0;
};

}  // namespace kommpass::tests
