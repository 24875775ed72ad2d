#pragma once

#include <string>

namespace kommpass::directory {

// Differs once the file was written or replaced. Of an empty name or a missing file: the name.
[[nodiscard]] std::string file_version(const std::string& file);

}  // namespace kommpass::directory
