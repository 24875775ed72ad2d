#pragma once

#include "idp/http/server_core.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace kommpass::idp::http {

// Starts serving an accepted connection, for which one has been taken from the shared listener;
// with TLS if the listener has it.
void serve(std::shared_ptr<server_core>, boost::asio::ip::tcp::socket,
           boost::asio::ip::address peer);

}  // namespace kommpass::idp::http
