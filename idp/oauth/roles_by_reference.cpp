#include "idp/oauth/roles_by_reference.hpp"

#include <boost/json/serialize.hpp>

namespace kommpass::idp::oauth {
namespace {

namespace json = boost::json;

constexpr const char* source = "userinfo";
// Header and signature of the largest algorithm (RSA of 4096 bit), and two dots.
constexpr std::size_t beside_claims = 160 + 684 + 2;

std::size_t encoded_size(std::size_t bytes) { return beside_claims + (bytes * 4 + 2) / 3; }

}  // namespace

std::size_t token_size(const json::object& claims) {
    return encoded_size(json::serialize(claims).size());
}

std::string claims_of_bounded_size(json::object claims, const policies::application& application,
                                   const std::string& issuer) {
    auto whole = json::serialize(claims);
    if (encoded_size(whole.size()) <= largest_token) return whole;
    const std::string_view own = application.claim.name;
    json::object names;
    for (const auto name : {own.substr(0, own.find('.')), std::string_view("role_members")}) {
        if (claims.erase(name) > 0) names[name] = source;
    }
    claims["_claim_names"] = std::move(names);
    claims["_claim_sources"] =
        json::object{{source, json::object{{"endpoint", issuer + "/userinfo"}}}};
    return json::serialize(claims);
}

}  // namespace kommpass::idp::oauth
