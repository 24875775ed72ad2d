#include "idp/oauth/client_assertion.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "idp/jose/numeric_date.hpp"
#include "policies/client_profile.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <optional>

namespace kommpass::idp::oauth {
namespace {

constexpr auto longest_assertion_life = std::chrono::hours(1);
constexpr auto accepted_skew = std::chrono::seconds(10);

bool names_us(const boost::json::value& audience, const std::string& issuer) {
    const auto is_ours = [&](const boost::json::value& one) {
        if (!one.is_string()) return false;
        const std::string_view name = one.get_string();
        return name == issuer || name == issuer + "/token";
    };
    if (audience.is_array()) {
        const auto& list = audience.get_array();
        return std::any_of(list.begin(), list.end(), is_ours);
    }
    return is_ours(audience);
}

bool text_equals(const boost::json::object& claims, std::string_view name,
                 std::string_view expected) {
    const auto* value = claims.if_contains(name);
    return value != nullptr && value->is_string() && value->get_string() == expected;
}

}  // namespace

std::string unproven_issuer(std::string_view assertion) {
    const auto first = assertion.find('.');
    const auto second = assertion.find('.', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos) return {};
    const auto payload = base64url::decode(assertion.substr(first + 1, second - first - 1));
    const auto claims = payload ? jose::parse_strict_object(*payload) : jose::jwt_error::malformed;
    const auto* issuer = claims ? claims->if_contains("iss") : nullptr;
    return issuer != nullptr && issuer->is_string() ? std::string(issuer->get_string())
                                                    : std::string();
}

result<instant, std::string> judge_client_assertion(const boost::json::object& claims,
                                                    const policies::client& client,
                                                    const std::string& issuer, instant now) {
    using namespace std::string_literals;
    const auto id = client.id.view();
    if (!text_equals(claims, "iss", id) || !text_equals(claims, "sub", id)) {
        return "client_assertion: iss and sub must be the client_id"s;
    }
    const auto* audience = claims.if_contains("aud");
    const bool only_issuer = policies::demands_issuer_as_audience(client);
    if (only_issuer && !text_equals(claims, "aud", issuer))
        return "client_assertion: aud must be the issuer, as one string"s;
    if (audience == nullptr || !names_us(*audience, issuer))
        return "client_assertion: aud must be the issuer"s;
    const auto expires = jose::numeric_date(claims, "exp");
    if (!expires || *expires + accepted_skew <= now) return "client_assertion: expired"s;
    if (*expires > now + longest_assertion_life) {
        return "client_assertion: exp is more than an hour ahead"s;
    }
    for (const auto* name : {"nbf", "iat"}) {
        const auto at = jose::numeric_date(claims, name);
        if (claims.contains(name) && (!at || *at > now + accepted_skew)) {
            return "client_assertion: "s + name + " lies in the future";
        }
    }
    const auto* jti = claims.if_contains("jti");
    if (jti == nullptr || !jti->is_string() || jti->get_string().empty() ||
        jti->get_string().size() > 255) {
        return "client_assertion: jti is missing"s;
    }
    return *expires + accepted_skew;
}

}  // namespace kommpass::idp::oauth
