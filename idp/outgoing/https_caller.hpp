#pragma once

#include "config/vocabulary/result.hpp"
#include "idp/outgoing/application_addresses.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace kommpass::idp::outgoing {

struct called {
    unsigned status = 0;
    // The receiver's wish (RFC 9110, 10.2.3); zero: none, or a date.
    std::chrono::seconds retry_after{0};
};

struct call_failure {
    // Nothing of it goes away by itself: the address is forbidden or none.
    bool final = false;
    std::string message;  // names the host and what was wrong; never what was sent
};

struct call {
    std::string uri;   // https
    std::string form;  // application/x-www-form-urlencoded
    std::chrono::milliseconds within{5'000};
};

// A document that an application publishes about itself: its keys.
struct fetch {
    std::string uri;     // https
    std::string accept;  // media types (RFC 9110, 12.5.1)
    std::size_t longest = 65'536;
    std::chrono::milliseconds within{5'000};
};
// The answer was 200, and whole.
struct fetched {
    std::string body;
    std::string content_type{};  // as it was sent; empty: it was not
};

// Posts forms to applications' servers, and fetches what they publish, from one thread of its own,
// any number at once: one that hangs holds up no other. Certificates are checked against `ca_file`,
// or what the system trusts where it is empty; no redirect is followed, nothing of the answer to a
// form is kept. Thread-safe.
class https_caller {
public:
    https_caller(application_addresses, const std::filesystem::path& ca_file);
    ~https_caller();
    https_caller(const https_caller&) = delete;
    https_caller& operator=(const https_caller&) = delete;

    // Goes on on the executor of who awaits it, after `within` at the latest.
    [[nodiscard]] boost::asio::awaitable<result<called, call_failure>> post(call);

    // The same; any other status than 200, and a body that is too long, is a failure.
    [[nodiscard]] boost::asio::awaitable<result<fetched, call_failure>> get(fetch);

    // What is under way fails now, and so does what is asked later.
    void stop();

    class loop;

private:
    std::unique_ptr<loop> loop_;
};

}  // namespace kommpass::idp::outgoing
