#pragma once

#include "idp/audit/events.hpp"
#include "idp/http/message.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

// How endpoints write the audit log. A record is stored in the same unit of work as what it tells
// of, so that one is never durable without the other; `append` is for what changes nothing else.
// The hash chain is the store's: the engine computes it when it appends, where the order is known.
namespace kommpass::idp::audit {

// A record of now, with request id and address; the caller adds member, person and client as far as
// they are proven.
[[nodiscard]] store::audit_record record_of(const provider&, const http::request&, event,
                                            std::string_view result);

// Appends by itself and waits until it is durable. False if the store does not answer; that is
// logged here.
[[nodiscard]] boost::asio::awaitable<bool> append(provider&, store::audit_record);

}  // namespace kommpass::idp::audit
