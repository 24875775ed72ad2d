#pragma once

#include "idp/console/admin_words.hpp"
#include "idp/http/message.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::console {

// Everything at and below /console.
[[nodiscard]] boost::asio::awaitable<http::response> console_endpoint(provider&,
                                                                      const http::request&);

}  // namespace kommpass::idp::console
