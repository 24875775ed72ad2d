#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::gateway {

// Short texts without line breaks as one sealed text, for one purpose.
[[nodiscard]] std::string seal_fields(const jose::key_ring&, std::string_view purpose,
                                      const std::vector<std::string>& fields);
// Nothing for what was not sealed for this purpose, or has another number of fields.
[[nodiscard]] std::optional<std::vector<std::string>> open_fields(const jose::key_ring&,
                                                                  std::string_view purpose,
                                                                  std::string_view sealed,
                                                                  std::size_t count);

}  // namespace kommpass::idp::gateway
