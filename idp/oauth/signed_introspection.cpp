#include "idp/oauth/signed_introspection.hpp"

#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "policies/registry.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

constexpr std::string_view media_type = "application/token-introspection+jwt";
constexpr std::string_view typ = "token-introspection+jwt";

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool equal_but_case(std::string_view one, std::string_view other) noexcept {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                      [&](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace

bool asks_for_signed_introspection(const http::request& request) noexcept {
    auto rest = request.header("accept").value_or(std::string_view());
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        const auto one = rest.substr(0, comma);
        if (equal_but_case(trimmed(one.substr(0, one.find(';'))), media_type)) return true;
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
