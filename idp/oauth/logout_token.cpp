#include "idp/oauth/logout_token.hpp"

#include "config/vocabulary/randomness.hpp"
#include "idp/jose/key_ring.hpp"
#include "policies/registry.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::oauth {
namespace {

namespace json = boost::json;

constexpr std::size_t jti_bytes = 16;
constexpr auto lifetime = std::chrono::minutes(2);
constexpr auto logout_event = "http://schemas.openid.net/event/backchannel-logout";

}  // namespace

std::string logout_token(const std::string& issuer, const policies::client& client,
                         std::string_view sub, std::string_view session, const jose::key_ring& keys,
                         randomness& random, instant now) {
    json::object claims;
    claims["iss"] = issuer;
    claims["sub"] = sub;
    claims["aud"] = client.id.str();
    claims["iat"] = to_unix_seconds(now);
    claims["exp"] = to_unix_seconds(now + lifetime);
    claims["jti"] = random.token(jti_bytes);
    claims["sid"] = session;
    claims["events"] = json::object{{logout_event, json::object{}}};
    const auto typ =
        client.logout_token_typ == policies::logout_token_typ::jwt ? "JWT" : "logout+jwt";
    return keys.sign(client.id_token_alg, typ, json::serialize(claims));
}

}  // namespace kommpass::idp::oauth
