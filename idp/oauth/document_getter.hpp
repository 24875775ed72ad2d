#pragma once

#include "config/vocabulary/result.hpp"
#include "idp/outgoing/https_caller.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>

namespace kommpass::idp::oauth {

// How a document that a client publishes is fetched: `https_caller::get` in the service.
using document_getter =
    std::function<boost::asio::awaitable<result<outgoing::fetched, outgoing::call_failure>>(
        outgoing::fetch)>;

}  // namespace kommpass::idp::oauth
