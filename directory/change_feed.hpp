#pragma once

#include "directory/ldap_connection.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>
#include <vector>

namespace kommpass::directory {

enum class feed_end {
    unsupported,  // this server does not offer it, or not to this service account
    lost,         // the connection ended, or the server wants us to begin anew
};

// What a feed reports.
struct feed_events {
    std::function<void()> began;                                    // from now on nothing is missed
    std::function<void(const std::vector<directory_id>&)> changed;  // empty: any may have changed
};

// Follows the changes of persons on this connection until it ends. The settings have their vendor's
// defaults filled in.
[[nodiscard]] boost::asio::awaitable<feed_end> follow_changes(
    std::shared_ptr<ldap_connection>, std::shared_ptr<const directory_settings>, feed_events);

// Sync Request Control (RFC 4533, 2.2) for refreshAndPersist; `cookie` may be empty.
[[nodiscard]] std::string sync_request_value(std::string_view cookie);

// Sync State Control (RFC 4533, 2.3): the entry's UUID as text; empty if it is none.
[[nodiscard]] std::string entry_uuid_in(std::string_view sync_state_value);

// Sync Info Message (RFC 4533, 2.5): whether it ends the refresh phase, and whether it names
// entries that are gone (which ones is not of interest: any may be).
struct sync_info {
    bool refresh_done = false;
    bool names_entries = false;
};
[[nodiscard]] sync_info read_sync_info(std::string_view value);

// PersistentSearch control (draft-ietf-ldapext-psearch-03, 3): every kind of change, changes only.
[[nodiscard]] std::string persistent_search_value();

// The naming context that holds `dn`, of those the server names; `dn` itself if none does.
[[nodiscard]] std::string naming_context_of(const std::string& dn,
                                            const std::vector<std::string>& contexts);

}  // namespace kommpass::directory
