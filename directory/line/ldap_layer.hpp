#pragma once

#include "directory/line/connect_fault.hpp"

#include <ldap.h>

#include <chrono>
#include <memory>
#include <optional>

namespace kommpass::directory {

class tls_session;

// What lies between libldap and the descriptor of one handle: plain at first, TLS once it is
// secured. Never raises SIGPIPE, and remembers enough to tell silence, an end and nonsense apart.
// Ends with its handle.
class ldap_layer {
public:
    // Below a handle on a connected, non-blocking descriptor. Null if libldap refuses.
    [[nodiscard]] static ldap_layer* put_below(LDAP*, int descriptor);
    // Of a handle that has one.
    [[nodiscard]] static ldap_layer* of(LDAP*);

    void secure(std::unique_ptr<tls_session>);

    struct owned_message {
        void operator()(LDAPMessage* message) const noexcept { ldap_msgfree(message); }
    };
    struct awaited {
        std::unique_ptr<LDAPMessage, owned_message> message;  // the last of the operation ...
        fault why = fault::ldap_silent;                       // ... or why there is none
    };
    // The answer to an operation under way. Blocks until `until` at most: for worker threads.
    [[nodiscard]] awaited wait_for(LDAP*, int message_id,
                                   std::chrono::steady_clock::time_point until) const;

    ~ldap_layer();
    ldap_layer(const ldap_layer&) = delete;

private:
    friend struct layer_functions;
    explicit ldap_layer(int descriptor);

    // Outlasts the layer, which libldap ends when the line is at its end.
    struct heard {
        std::optional<unsigned char> first;  // byte
        bool ended = false;
    };
    int descriptor_;
    std::unique_ptr<tls_session> tls_;
    std::shared_ptr<heard> heard_ = std::make_shared<heard>();
};

}  // namespace kommpass::directory
