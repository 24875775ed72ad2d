#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kommpass {

// UTF-8 as it is shown where there is little room: as it is if it has no more than `most` bytes,
// else its beginning with "…" at the end, `most` bytes together at most. Cut between two grapheme
// clusters (UAX 29), so that no letter loses its mark; where one cluster alone is longer, between
// two code points. For display only: what is compared is never shortened. `most` is at least 8.
// Text that is no UTF-8 becomes empty.
[[nodiscard]] std::string shortened(std::string_view utf8, std::size_t most);

}  // namespace kommpass
