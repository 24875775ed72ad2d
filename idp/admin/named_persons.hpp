#pragma once

#include "idp/admin/refusal.hpp"
#include "policies/documents.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <vector>

namespace kommpass::idp::store {
struct person;
}

// Grants, withdrawals and exceptions name a person and a member: the person is that member's.
namespace kommpass::idp::admin {

struct operation_context;

enum class unknown_person { refused, allowed };

// Nothing if every person whom the changed documents newly name is one of the document's member.
// Somebody of another member is refused always; `allowed`: an id that the store does not know may
// stand there, as in a folder that is older than the end of a person. `arriving`: whom the change
// itself makes known.
[[nodiscard]] boost::asio::awaitable<std::optional<refusal>> misnamed_person(
    operation_context&, const policies::registry& before, const policies::registry& after,
    const std::vector<policies::document_change>&, unknown_person,
    const std::vector<store::person>& arriving);

}  // namespace kommpass::idp::admin
