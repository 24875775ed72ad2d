#include "idp/oauth/dpop_proof.hpp"

#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "idp/jose/embedded_key_jwt.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/numeric_date.hpp"
#include "idp/oauth/request_address.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace kommpass::idp::oauth {
namespace {

using boost::json::object;

constexpr std::string_view proof_type = "dpop+jwt";
constexpr std::size_t longest_id = 255;
constexpr std::size_t longest_nonce = 255;
constexpr std::size_t thumbprint_length = 43;  // SHA-256
constexpr auto tolerance = std::chrono::seconds(10);

const std::vector<signing_algorithm>& algorithms() {
    static const auto all = [] {
        std::vector<signing_algorithm> made;
        for (const auto& [name, one] : signing_algorithms) {
            const bool taken = std::find(made.begin(), made.end(), one) != made.end();
            if (one != signing_algorithm::rs256 && !taken) made.push_back(one);
        }
        return made;
    }();
    return all;
}

// Empty for anything but a string of at most `longest`.
std::string text_of(const object& claims, std::string_view name, std::size_t longest) {
    const auto* value = claims.if_contains(name);
    if (value == nullptr || !value->is_string() || value->get_string().size() > longest) return {};
    return std::string(value->get_string());
}

// A member that is there and is no string says something that nobody understands.
bool is_text_or_absent(const object& claims, std::string_view name) {
    const auto* value = claims.if_contains(name);
    return value == nullptr || (value->is_string() && !value->get_string().empty() &&
                                value->get_string().size() <= longest_nonce);
}

std::string fault_of_lifetime(const object& claims, instant now) {
    if (claims.contains("nbf")) {
        const auto begins = jose::numeric_date(claims, "nbf");
        if (!begins || *begins > now + tolerance) return "the proof is not valid yet";
    }
    if (claims.contains("exp")) {
        const auto ends = jose::numeric_date(claims, "exp");
        if (!ends || *ends + tolerance <= now) return "the proof is expired";
    }
    return {};
}

}  // namespace

std::span<const signing_algorithm> dpop_algorithms() noexcept { return algorithms(); }

const std::string& dpop_algorithm_names() {
    static const auto names = [] {
        std::string made;
        for (const auto& [name, one] : signing_algorithms) {
            if (one == signing_algorithm::rs256) continue;
            if (!made.empty()) made += ' ';
            made += name;
        }
        return made;
    }();
    return names;
}

result<dpop_proof, dpop_fault> read_dpop_proof(std::string_view jws, instant now) {
    auto jwt = jose::read_embedded_key_jwt(jws, proof_type, dpop_algorithms());
    if (!jwt) {
        switch (jwt.error()) {
            case jose::jwt_error::algorithm_refused:
                return dpop_fault{"the proof's alg is none of " + dpop_algorithm_names()};
            case jose::jwt_error::header_refused:
                return dpop_fault{
                    "the proof's typ must be dpop+jwt and its jwk a public key that fits alg"};
            case jose::jwt_error::bad_signature:
                return dpop_fault{"the proof is not signed by its own jwk"};
            default:
                return dpop_fault{"the proof is no compact JWS of JSON objects"};
        }
    }
    const auto& claims = jwt->claims;
    dpop_proof proof;
    proof.id = text_of(claims, "jti", longest_id);
    if (proof.id.empty()) return dpop_fault{"the proof's jti is missing or longer than 255 bytes"};
    proof.method = text_of(claims, "htm", 16);
    if (proof.method.empty()) return dpop_fault{"the proof's htm is missing"};
    auto address = normalized_address(text_of(claims, "htu", 2048));
    if (!address) return dpop_fault{"the proof's htu is missing or no URI"};
    proof.address = *std::move(address);
    const auto issued = jose::numeric_date(claims, "iat");
    if (!issued) return dpop_fault{"the proof's iat is missing or no number"};
    proof.issued_at = *issued;
    if (!is_text_or_absent(claims, "ath") || !is_text_or_absent(claims, "nonce"))
        return dpop_fault{"the proof's ath or nonce is no text"};
    if (auto fault = fault_of_lifetime(claims, now); !fault.empty())
        return dpop_fault{std::move(fault)};
    proof.token_hash = text_of(claims, "ath", longest_nonce);
    proof.nonce = text_of(claims, "nonce", longest_nonce);
    proof.thumbprint = std::move(jwt->thumbprint);
    return proof;
}

std::string mismatch(const dpop_proof& proof, const proven_request& request) {
    if (proof.method != request.method) return "the proof's htm is not the request's method";
    if (proof.address != request.address) return "the proof's htu is not the request's address";
    if (request.access_token.empty()) return {};
    const auto hash = base64url::encode(jose::sha256(request.access_token));
    if (!equal_in_constant_time(proof.token_hash, hash))
        return "the proof's ath is missing or another token's";
    return {};
}

proof_age age_of(const dpop_proof& proof, instant now) noexcept {
    if (proof.issued_at + longest_proof_age >= now && proof.issued_at <= now + furthest_proof_ahead)
        return proof_age::fresh;
    const bool near =
        proof.issued_at + furthest_clock >= now && proof.issued_at <= now + furthest_clock;
    return near ? proof_age::fresh_with_nonce_only : proof_age::wrong;
}

bool well_formed_thumbprint(std::string_view text) noexcept {
    return text.size() == thumbprint_length && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
           });
}

}  // namespace kommpass::idp::oauth
