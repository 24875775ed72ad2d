#pragma once

#include "idp/web/pages.hpp"

#include <string>
#include <vector>

namespace kommpass::idp::web {

// Signed out of Kommpass; the browser tells these applications (OpenID Connect Front-Channel Logout
// 1.0). It never says that they have heard: that cannot be seen from here.
struct front_channel_page {
    struct application {
        std::string name;
        std::string uri;  // opened in a frame that may not lead this page elsewhere
    };
    std::vector<application> applications;
    std::string continue_uri;  // the browser goes there by itself soon; empty: it stays
    refused_return refused;
};

[[nodiscard]] std::string render(const frame&, const front_channel_page&);

}  // namespace kommpass::idp::web
