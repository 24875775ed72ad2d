#pragma once

#include "idp/admin/outgoing_mail.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>
#include <vector>

namespace kommpass::idp::admin {

struct operation_context;

// A letter as it goes to the mail server.
struct waiting_letter {
    std::string to;
    std::string text;
    std::vector<std::string> keys;  // of the notices that it tells
};

// One letter to each address that has not been told something yet. Only mailboxes of the domains of
// their person's member (`own_mailbox`).
[[nodiscard]] boost::asio::awaitable<std::vector<waiting_letter>> waiting_letters(
    operation_context&);

// Sends by mail what was not told yet: one letter to each address, on a thread of its own. What the
// server does not take is tried again after five minutes. Does nothing without `[mail] url`. For
// the service itself, now and then. `still_ours` is asked on that thread before each letter; once
// it says no, the rest is another node's.
[[nodiscard]] boost::asio::awaitable<void> send_notices(operation_context&, outgoing_mail&,
                                                        std::function<bool()> still_ours);

}  // namespace kommpass::idp::admin
