#pragma once

#include "idp/web/refused_return.hpp"

#include <string>

namespace kommpass::idp::web {

struct frame;

// Signed out, and not sent back.
struct refused_return_page {
    refused_return refused;
};

[[nodiscard]] std::string render(const frame&, const refused_return_page&);

// As much of an address as a page shows; whole characters only.
[[nodiscard]] std::string cut_address(const std::string& uri);

}  // namespace kommpass::idp::web
