#pragma once

#include "idp/admin/refusal.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>

namespace kommpass::idp::store {
struct stored_audit_record;
}

namespace kommpass::idp::admin {

struct operation_context;

enum class look { on, enough };

// Reads the audit log backwards from before the record `before` (0: from its end), until `take` has
// enough: 20,000 records at most, in bites, so that nobody waits behind it. Gives the number of the
// last record that was looked at; nothing where the log begins with it.
[[nodiscard]] boost::asio::awaitable<answer<std::optional<long long>>> read_newest_first(
    operation_context&, long long before, std::function<look(store::stored_audit_record&)> take);

}  // namespace kommpass::idp::admin
