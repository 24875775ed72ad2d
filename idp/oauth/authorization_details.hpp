#pragma once

#include "config/vocabulary/result.hpp"
#include "policies/snapshot.hpp"

#include <boost/json/array.hpp>

#include <string>
#include <string_view>
#include <vector>

// Rich authorization requests (RFC 9396): powers that a scope cannot say. Pure.
namespace kommpass::idp::oauth {

// `urn:kommpass:role`: to act with one role of the application for one member, for a reason. What
// joint offices need: a token that is good for the neighbour's register and for nothing else.
struct role_detail {
    member_slug member;
    role_name role;
    std::string reason;  // as the person is shown it; may be empty
    friend bool operator==(const role_detail&, const role_detail&) = default;
};
using authorization_details = std::vector<role_detail>;

// The `authorization_details` parameter: at most 4 KiB, 16 objects, each of a type that the client
// registered, with the members of that type and no others, of right form; the member exists, the
// role is one of the application's. The error is a description for `invalid_authorization_details`.
[[nodiscard]] result<authorization_details, std::string> parse_authorization_details(
    std::string_view json, const policies::snapshot&, const policies::client&,
    const policies::application&);

// Whether a person with these roles may be given the power.
[[nodiscard]] bool is_held(const role_detail&, const std::vector<policies::effective_role>&);

// As it is stored, and stands in tokens, answers and introspection.
[[nodiscard]] boost::json::array to_json(const authorization_details&);
[[nodiscard]] std::string to_text(const authorization_details&);  // "" for none

// Of what was granted (`to_text`), what a person with these roles holds still: they are evaluated
// anew for each token.
[[nodiscard]] boost::json::array still_held(const std::string& granted,
                                            const std::vector<policies::effective_role>&);

}  // namespace kommpass::idp::oauth
