#pragma once

#include <string_view>

namespace kommpass::idp::jose {

// Whether `typ` of a JOSE header names the type `wanted` ("dpop+jwt"), which is written without
// "application/": a media type, so without regard to case, and "application/" may be left out or
// not (RFC 7515, 4.1.9).
[[nodiscard]] bool is_media_type(std::string_view typ, std::string_view wanted) noexcept;

}  // namespace kommpass::idp::jose
