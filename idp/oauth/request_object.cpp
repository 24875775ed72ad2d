#include "idp/oauth/request_object.hpp"

#include "config/vocabulary/signing_algorithm.hpp"
#include "idp/http/form.hpp"
#include "idp/jose/compact_jws.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "idp/jose/media_type.hpp"
#include "idp/jose/numeric_date.hpp"
#include "policies/client_profile.hpp"
#include "policies/registry.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace kommpass::idp::oauth {
namespace {

namespace json = boost::json;
using pairs = std::vector<std::pair<std::string, std::string>>;

constexpr auto accepted_skew = std::chrono::seconds(10);
constexpr auto longest_life = std::chrono::minutes(60);
constexpr std::size_t longest_id = 255;

// What a JWT says of itself, and no parameter of a request.
constexpr std::array<std::string_view, 7> of_the_object{"iss", "aud", "exp", "nbf",
                                                        "iat", "jti", "sub"};
// Whose values are JSON where the parameter is.
constexpr std::array<std::string_view, 2> of_json{"claims", "authorization_details"};

template <class Names>
bool is_one_of(std::string_view name, const Names& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool has_text(const json::object& claims, std::string_view name, std::string_view expected) {
    const auto* value = claims.if_contains(name);
    return value != nullptr && value->is_string() && value->get_string() == expected;
}

bool names(const json::value& audience, const std::string& issuer) {
    const auto is_ours = [&](const json::value& one) {
        return one.is_string() && one.get_string() == issuer;
    };
    if (!audience.is_array()) return is_ours(audience);
    const auto& all = audience.get_array();
    return std::any_of(all.begin(), all.end(), is_ours);
}

bool has_right_type(std::string_view jws) {
    const auto parts = jose::split_compact(jws);
    const auto header =
        parts ? jose::parse_strict_object(parts->header) : jose::jwt_error::malformed;
    if (!header) return false;
    const auto* type = header->if_contains("typ");
    if (type == nullptr) return true;
    if (!type->is_string()) return false;
    const std::string_view word = type->get_string();
    return jose::is_media_type(word, "oauth-authz-req+jwt") || jose::is_media_type(word, "jwt");
}

std::string wrong_names(const json::object& claims, std::string_view client,
                        const std::string& issuer) {
    if (!has_text(claims, "iss", client)) return "iss of the request object is not the client_id";
    const auto* audience = claims.if_contains("aud");
    if (audience == nullptr || !names(*audience, issuer))
        return "aud of the request object is not this issuer";
    if (claims.contains("client_id") && !has_text(claims, "client_id", client))
        return "client_id of the request object is another one";
    if (claims.contains("sub")) return "a request object has no sub";
    if (claims.contains("request") || claims.contains("request_uri"))
        return "a request object holds no other one";
    return {};
}

std::string wrong_times(const json::object& claims, bool strict, instant now) {
    const auto expires = jose::numeric_date(claims, "exp");
    const auto begins = jose::numeric_date(claims, "nbf");
    for (const auto& [name, time] : {std::pair{"exp", expires}, std::pair{"nbf", begins}}) {
        if (!time && (strict || claims.contains(name)))
            return std::string(name) + " of the request object is missing or no time";
    }
    if (expires && *expires + accepted_skew <= now) return "the request object has expired";
    if (begins && *begins > now + accepted_skew) return "the request object is not valid yet";
    const auto issued = jose::numeric_date(claims, "iat");
    if (claims.contains("iat") && (!issued || *issued > now + accepted_skew))
        return "iat of the request object lies in the future";
    if (!strict) return {};
    if (*begins + longest_life < now) return "nbf of the request object is over an hour old";
    if (*expires - *begins > longest_life) return "exp of the request object is over an hour ahead";
    return {};
}

// How a parameter is written in a form; nothing for what no parameter can be.
std::optional<std::string> text_of(std::string_view name, const json::value& value) {
    if (value.is_string()) return std::string(value.get_string());
    if (is_one_of(name, of_json) && (value.is_object() || value.is_array()))
        return json::serialize(value);
    if (value.is_int64() || value.is_uint64() || value.is_bool()) return json::serialize(value);
    return std::nullopt;
}

// `resource` may occur several times (RFC 8707, 2): a list in the object.
bool add(const json::key_value_pair& claim, pairs& to) {
    const auto& value = claim.value();
    if (value.is_null()) return true;
    if (claim.key() == "resource" && value.is_array()) {
        for (const auto& one : value.get_array()) {
            if (!one.is_string()) return false;
            to.emplace_back("resource", std::string(one.get_string()));
        }
        return true;
    }
    auto text = text_of(claim.key(), value);
    // What nobody knows may have any form.
    if (text) to.emplace_back(claim.key(), std::move(*text));
    return text || !is_one_of(claim.key(), std::array<std::string_view, 4>{
                                               "state", "nonce", "redirect_uri", "scope"});
}

}  // namespace

std::span<const signing_algorithm> request_object_algorithms(const policies::client& client) {
    if (client.request_object_alg) return {&*client.request_object_alg, 1};
    return policies::algorithms_for(client);
}

result<request_object, request_object_fault> read_request_object(const policies::client& client,
                                                                 const json::object& claims,
                                                                 std::string_view jws,
                                                                 const std::string& issuer,
                                                                 instant now) {
    if (!has_right_type(jws)) return std::string("typ of the request object is that of another");
    if (auto wrong = wrong_names(claims, client.id.view(), issuer); !wrong.empty()) return wrong;
    if (auto wrong = wrong_times(claims, policies::demands_signed_requests(client), now);
        !wrong.empty())
        return wrong;

    request_object read;
    if (const auto* id = claims.if_contains("jti")) {
        if (!id->is_string() || id->get_string().empty() || id->get_string().size() > longest_id)
            return std::string("jti of the request object is no text of 1 to 255 bytes");
        read.id = id->get_string();
        const auto expires = jose::numeric_date(claims, "exp");
        read.forget_after = expires.value_or(now + longest_life) + accepted_skew;
    }
    pairs parameters{{"client_id", client.id.str()}};
    for (const auto& claim : claims) {
        if (claim.key() == "client_id" || is_one_of(claim.key(), of_the_object)) continue;
        if (!add(claim, parameters))
            return std::string("a parameter of the request object has the wrong form");
    }
    read.encoded = http::with_query({}, parameters).substr(1);
    auto form = http::form::parse(read.encoded);
    if (!form) return std::string("the request object has too many parameters");
    read.parameters = std::move(*form);
    return read;
}

}  // namespace kommpass::idp::oauth
