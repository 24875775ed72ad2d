#pragma once

#include "idp/web/client_links.hpp"

#include <string>

namespace kommpass::idp::web {

// The one origin beside our own that a page with this logo may load an image from
// (`http::response::image_source`); empty: none.
[[nodiscard]] std::string image_source_of(const client_links&);

}  // namespace kommpass::idp::web
