#pragma once

#include "config/settings.hpp"
#include "config/vocabulary/result.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "idp/mail/letter.hpp"

#include <atomic>
#include <string>

namespace kommpass::idp::mail {

struct send_failure {
    // The server says that there is no such mailbox; it is there for others.
    bool no_such_mailbox = false;
    std::string message;  // names the server, never the password
};

// Hands one letter to the server of `[mail]` (RFC 5321), always encrypted and with the server's
// certificate checked. `text` as `encoded` makes it. Blocks for up to 30 seconds: for worker
// threads. Ends within about a second once `given_up` is set.
[[nodiscard]] result<void, send_failure> send(const config::mail_settings&,
                                              const secret_string& password, const std::string& to,
                                              const std::string& text,
                                              const std::atomic<bool>& given_up);

}  // namespace kommpass::idp::mail
