#pragma once

#include <string>
#include <string_view>

// The BER of the controls by which directories tell of changes. Pure.
namespace kommpass::directory {

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

}  // namespace kommpass::directory
