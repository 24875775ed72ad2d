#pragma once

#include <string>
#include <string_view>

namespace kommpass::directory {

// Security identifiers of Windows, as objectSid brings them ([MS-DTYP] 2.4.2.2).

// The SID of the group that `primaryGroupID` means: the person's own with its last number replaced.
// Empty if either is no such thing.
[[nodiscard]] std::string sid_of_primary_group(std::string_view person_sid,
                                               std::string_view primary_group_id);

// "<SID=0105...>": names an entry by its SID in place of its DN ([MS-ADTS] 3.1.1.3.1.2.4).
[[nodiscard]] std::string sid_reference(std::string_view sid);

// Every byte escaped, for a filter (RFC 4515, 3).
[[nodiscard]] std::string escaped_bytes(std::string_view bytes);

}  // namespace kommpass::directory
