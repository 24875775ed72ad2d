#pragma once

#include "config/vocabulary/clock.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace kommpass::policies {
struct client;
}
namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::oauth {

// Whether the answer is asked for as a JWT: `Accept` names application/token-introspection+jwt (RFC
// 9701, 4). `*/*` does not.
[[nodiscard]] bool asks_for_signed_introspection(const http::request&) noexcept;

// The answer to an introspection: as JSON (RFC 7662, 2.2), or where it is asked for signed for this
// caller (RFC 9701, 5), with the algorithm that it registered. An inactive token's as well, so that
// nobody between can turn one answer into the other.
[[nodiscard]] http::response introspection_answer(const http::request&, const policies::client&,
                                                  boost::json::object answer,
                                                  const std::string& issuer, const jose::key_ring&,
                                                  instant now);

}  // namespace kommpass::idp::oauth
