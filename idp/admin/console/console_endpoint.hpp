#pragma once

#include "idp/http/message.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

namespace kommpass::idp::admin::console {

// Everything at and below /console.
[[nodiscard]] boost::asio::awaitable<http::response> console_endpoint(provider&,
                                                                      const http::request&);

}  // namespace kommpass::idp::admin::console
