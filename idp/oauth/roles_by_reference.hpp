#pragma once

#include "policies/registry.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>

namespace kommpass::idp::oauth {

// A token goes into a header field and into an address, beside other fields: what is larger is
// taken by no server of an application, and not by ours. The settings let a header have 16 KiB at
// least.
constexpr std::size_t largest_token = 12 * 1024;
// From here on servers and proxies with usual settings refuse the request that carries it: one
// header field of 8 KiB (Apache, Tomcat, Node.js), of 4 KiB with cookies beside it.
constexpr std::size_t large_token = 4 * 1024;
constexpr std::size_t very_large_token = 8 * 1024;

// How many characters the claims are as a token.
[[nodiscard]] std::size_t token_size(const boost::json::object& claims);

// The claims as JSON. Where a token of them would be larger than `largest_token` the roles are in
// it by reference (OpenID Connect Core, 5.6.2): `_claim_names` says that the claims of these names
// are at the source that `_claim_sources` names, our UserInfo endpoint, which the access token
// opens.
[[nodiscard]] std::string claims_of_bounded_size(boost::json::object claims,
                                                 const policies::application&,
                                                 const std::string& issuer);

}  // namespace kommpass::idp::oauth
