#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "config/vocabulary/result.hpp"
#include "directory/line/connect_fault.hpp"
#include "directory/line/connect_watch.hpp"
#include "directory/member_counters.hpp"

#include <ldap.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kommpass::directory {

class address_book;
struct socket_address;
struct seen_certificate;

struct unbind {
    void operator()(LDAP* handle) const noexcept { ldap_unbind_ext(handle, nullptr, nullptr); }
};
using ldap_handle = std::unique_ptr<LDAP, unbind>;

enum class connect_error {
    unreachable,  // name resolution, TCP, TLS, or the time is over: the next replica may do better
    misconfigured,  // the service account is refused, its password cannot be read, the CA file is
                    // not there
};
struct connect_failure {
    connect_error error;
    failure_kind kind;
    std::string detail;                   // for the log: where, and the faults in words
    std::vector<connect_fault> faults{};  // of the last address that was tried
    bool asked = true;                    // false: it is known from before, and nobody was asked
};

enum class purpose {
    search,  // bound as the service account
    bind,    // not bound: for checking passwords
};

// Connects, secures and, for searches, binds: to whichever of the server's addresses is permitted
// and lets it, within `limit`. Where the service account is refused no other address is asked.
// Certificates are judged as of `now_unix_seconds`. Blocks: for worker threads only. The handle
// comes back with a non-blocking descriptor.
[[nodiscard]] result<ldap_handle, connect_failure> open_handle(const directory_settings&,
                                                               const std::string& url, purpose,
                                                               const address_book&, connect_watch&,
                                                               std::chrono::milliseconds limit,
                                                               std::int64_t now_unix_seconds);

// How far an attempt came, for who shows it.
struct opening_steps {
    std::chrono::microseconds tcp{0};  // 0: it did not come so far
    std::chrono::microseconds tls{0};
    std::chrono::microseconds bind{0};
    std::string tls_parameters;
    std::vector<seen_certificate> chain;
};
// The same, to this one address, which is permitted.
[[nodiscard]] result<ldap_handle, connect_failure> open_handle_at(
    const directory_settings&, const std::string& url, const socket_address&, purpose,
    std::chrono::milliseconds limit, std::int64_t now_unix_seconds, opening_steps&);

// Whether something answers LDAP there: a read of the root DSE on a handle that was just opened.
// Nothing if it does.
[[nodiscard]] std::vector<connect_fault> ask_root_dse(const ldap_handle&,
                                                      std::chrono::milliseconds limit);

}  // namespace kommpass::directory
