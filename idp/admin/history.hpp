#pragma once

#include "idp/admin/refusal.hpp"
#include "idp/store/revisions.hpp"
#include "policies/replacement.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

// The registry's revisions: who changed what, and back again.
namespace kommpass::idp::admin {

struct changed_registry;
struct operation_context;
class actor;
struct revision_entry {
    store::registry_revision revision;   // without its documents
    std::vector<std::string> documents;  // that the actor may see
    bool all_visible = true;             // false: it changed others' as well
};
// Newest first; revisions of which the actor may see nothing are left out. `before` 0: the newest.
[[nodiscard]] boost::asio::awaitable<answer<std::vector<revision_entry>>> list_revisions(
    operation_context&, const actor&, long long before, std::size_t limit);

struct revision_difference {
    revision_entry entry;
    std::vector<std::string> lines;  // readable, as far as the actor may see the documents
};
[[nodiscard]] boost::asio::awaitable<answer<revision_difference>> view_revision(operation_context&,
                                                                                const actor&,
                                                                                long long number);

// What going back to an earlier revision would change now: all that was changed since, whoever did.
struct way_back {
    long long from = 0;              // the newest revision, which a roll-back has to name
    std::vector<std::string> lines;  // from the newest to that one, readable
};
[[nodiscard]] boost::asio::awaitable<answer<way_back>> view_way_back(operation_context&,
                                                                     const actor&,
                                                                     long long number);

// Makes the documents of an earlier revision the newest ones, as a revision of its own. `expected`:
// the newest one as whoever asks saw it (`way_back::from`); required, but of the operator of the
// service's machine. `stale`, with the newest, where it is another meanwhile.
// Withdrawals that were made since stay: an earlier state gives nobody back what was taken away. A
// member that came since goes only if it is named, and subjects change only where that is asked
// for.
[[nodiscard]] boost::asio::awaitable<answer<changed_registry>> roll_back(
    operation_context&, const actor&, long long number, std::string why,
    std::optional<long long> expected, policies::named_losses named = {});

}  // namespace kommpass::idp::admin
