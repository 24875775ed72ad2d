#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <thread>

namespace kommpass::tests {

// Stands between a client and PostgreSQL on loopback, knows where the protocol's messages begin and
// end (PostgreSQL 15, chapter 55), and cuts connections at a COMMIT when told to. Without TLS. Runs
// on a thread of its own; ends with this object.
class postgresql_proxy {
public:
    enum class cut {
        nothing,
        before_commit,  // COMMIT is not forwarded
        behind_commit,  // it is, and nothing is waited for
        before_answer,  // it is, and the server's "COMMIT" is not
    };

    explicit postgresql_proxy(std::uint16_t server_port);
    ~postgresql_proxy();
    postgresql_proxy(const postgresql_proxy&) = delete;
    postgresql_proxy& operator=(const postgresql_proxy&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    // At the next COMMIT that comes by, once.
    void cut_next(cut where) { next_ = where; }
    [[nodiscard]] bool has_cut() const { return next_ == cut::nothing; }
    // As a firewall that drops what passes, and tells nobody; new connections are not answered
    // either, until it is switched off. What was swallowed is lost: those connections are dead.
    void swallow(bool on) { swallows_ = on; }
    // Closes every connection that there is.
    void hang_up() { hangs_up_ = true; }
    [[nodiscard]] bool has_hung_up() const { return !hangs_up_; }
    [[nodiscard]] unsigned connections_made() const { return made_; }

private:
    struct relay {
        int client = -1;
        int server = -1;
        std::string from_client;  // not yet a whole message
        std::string from_server;
        bool started = false;  // the first message, which has no type, went by
        bool swallowed = false;
        cut at_answer = cut::nothing;
    };
    void run();
    void accept_one();
    bool pass_on(relay&, bool client_side);
    bool forward_client(relay&);
    bool forward_server(relay&);
    static void close(relay&);

    std::uint16_t server_port_;
    std::uint16_t port_ = 0;
    int listener_ = -1;
    int wake_[2] = {-1, -1};
    std::map<int, relay> relays_;  // by the client's descriptor
    std::atomic<cut> next_{cut::nothing};
    std::atomic<bool> swallows_{false};
    std::atomic<bool> hangs_up_{false};
    std::atomic<unsigned> made_{0};
    std::thread thread_;
};

}  // namespace kommpass::tests
