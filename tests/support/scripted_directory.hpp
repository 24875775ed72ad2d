#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace kommpass::tests {

// BER as a server would send it, or as none should.
namespace ber {

[[nodiscard]] std::string tlv(unsigned char tag, const std::string& content);
[[nodiscard]] std::string integer(unsigned char tag, int value);
// LDAPMessage (RFC 4511, 4.1.1) around an operation.
[[nodiscard]] std::string message(int id, const std::string& operation);
using attributes = std::vector<std::pair<std::string, std::vector<std::string>>>;
[[nodiscard]] std::string search_entry(int id, const std::string& dn, const attributes&);
[[nodiscard]] std::string search_done(int id, int code = 0);
[[nodiscard]] std::string bind_response(int id, int code = 0);
// SearchResultReference, which must not be followed.
[[nodiscard]] std::string search_reference(int id, const std::string& url);
// Notice of Disconnection (RFC 4511, 4.4.1).
[[nodiscard]] std::string notice_of_disconnection();

}  // namespace ber

// A server on loopback that answers each request as a script says, well or badly: for what no real
// server can be brought to do. Each connection has a thread; all end with this object.
class scripted_directory {
public:
    struct request {
        int id = 0;
        unsigned char operation = 0;  // the tag: 0x60 bind, 0x63 search
        std::string bytes;            // of the whole message
    };
    struct reply {
        std::string bytes;
        bool close = false;        // hangs up after the bytes
        bool without_end = false;  // sends the bytes over and over
        bool byte_by_byte = false;
    };
    using script = std::function<reply(const request&)>;

    explicit scripted_directory(script);
    ~scripted_directory();
    scripted_directory(const scripted_directory&) = delete;

    [[nodiscard]] std::string url() const { return "ldap://127.0.0.1:" + std::to_string(port_); }
    void change(script);

private:
    void accept_all();
    void serve(int connection);
    [[nodiscard]] reply answer_to(const request&);
    void send(int connection, const reply&);

    std::mutex mutex_;
    script script_;
    std::set<int> open_;
    std::vector<std::thread> threads_;  // one for each connection; grown by `accepting_` alone
    std::thread accepting_;
    std::atomic<bool> stopped_{false};
    int listener_ = -1;
    std::uint16_t port_ = 0;
};

}  // namespace kommpass::tests
