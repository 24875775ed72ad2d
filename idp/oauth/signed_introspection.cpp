#include "idp/oauth/signed_introspection.hpp"

#include "idp/http/header_grammar.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "policies/registry.hpp"

#include <boost/json/serialize.hpp>

namespace kommpass::idp::oauth {
namespace {

constexpr std::string_view media_type = "application/token-introspection+jwt";
constexpr std::string_view typ = "token-introspection+jwt";

}  // namespace

bool asks_for_signed_introspection(const http::request& request) noexcept {
    auto rest = request.header("accept").value_or(std::string_view());
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        if (http::names_media_type(rest.substr(0, comma), media_type)) return true;
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
    return false;
}

http::response introspection_answer(const http::request& request, const policies::client& caller,
                                    boost::json::object answer, const std::string& issuer,
                                    const jose::key_ring& keys, instant now) {
    if (!asks_for_signed_introspection(request))
        return http::json(200, boost::json::serialize(answer));
    boost::json::object claims;
    claims["iss"] = issuer;
    claims["aud"] = caller.id.str();
    claims["iat"] = to_unix_seconds(now);
    claims["token_introspection"] = std::move(answer);
    const auto algorithm = caller.introspection_alg.value_or(caller.id_token_alg);
    http::response signed_answer;
    signed_answer.content_type = media_type;
    signed_answer.body = keys.sign(algorithm, typ, boost::json::serialize(claims));
    return signed_answer;
}

}  // namespace kommpass::idp::oauth
