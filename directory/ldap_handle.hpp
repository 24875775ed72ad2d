#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "config/vocabulary/result.hpp"
#include "directory/member_counters.hpp"
#include "directory/permitted_addresses.hpp"

#include <ldap.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

namespace kommpass::directory {

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
    std::string detail;  // for the log
};

// Lets another thread end an attempt that hangs: libldap bounds neither the TLS hand-shake nor a
// blocking read.
class connect_watch {
public:
    // Shuts the descriptor down, now or as soon as there is one; the blocked call then fails. From
    // any thread.
    void cut();
    [[nodiscard]] bool was_cut() const;
    // The connecting thread says which descriptor is in use; -1 when it is about to be closed or
    // handed on. False if the attempt was cut already.
    bool watch(int descriptor);

private:
    mutable std::mutex mutex_;
    int descriptor_ = -1;
    bool cut_ = false;
};

enum class purpose {
    search,  // bound as the service account
    bind,    // not bound: for checking passwords
};

// Connects, secures and, for searches, binds. Blocks, up to about `connect_timeout`: for worker
// threads only. The handle comes back with a non-blocking descriptor. TLS settings are the handle's
// own (chain and host name are checked). Goes only to addresses that are permitted.
[[nodiscard]] result<ldap_handle, connect_failure> open_handle(const directory_settings&,
                                                               const std::string& url, purpose,
                                                               const permitted_addresses&,
                                                               connect_watch&);

}  // namespace kommpass::directory
