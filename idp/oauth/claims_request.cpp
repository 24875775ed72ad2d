#include "idp/oauth/claims_request.hpp"

#include "idp/jose/strict_object.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace kommpass::idp::oauth {
namespace {

constexpr std::size_t longest = 4096;
constexpr std::size_t most_claims = 64;

using claim_map = std::map<std::string, requested_claim, std::less<>>;

std::optional<requested_claim> parse_one(const boost::json::value& wish) {
    requested_claim claim;
    if (wish.is_null()) return claim;  // wanted, nothing more said
    const auto* members = wish.if_object();
    if (members == nullptr) return std::nullopt;
    if (const auto* essential = members->if_contains("essential")) {
        if (!essential->is_bool()) return std::nullopt;
        claim.essential = essential->get_bool();
    }
    // Values that are not strings are of claims that we do not have; they restrict nothing here.
    if (const auto* value = members->if_contains("value"); value != nullptr && value->is_string()) {
        claim.values.emplace_back(value->get_string());
    }
    if (const auto* values = members->if_contains("values")) {
        if (!values->is_array()) return std::nullopt;
        for (const auto& one : values->get_array()) {
            if (one.is_string()) claim.values.emplace_back(one.get_string());
        }
    }
    return claim;
}

bool parse_part(const boost::json::object& whole, std::string_view name, claim_map& into) {
    const auto* part = whole.if_contains(name);
    if (part == nullptr || part->is_null()) return true;
    const auto* wishes = part->if_object();
    if (wishes == nullptr || wishes->size() > most_claims) return false;
    for (const auto& wish : *wishes) {
        auto claim = parse_one(wish.value());
        if (!claim) return false;
        into.emplace(wish.key(), std::move(*claim));
    }
    return true;
}

}  // namespace

const requested_claim* claims_request::in_id_token(std::string_view name) const noexcept {
    const auto found = id_token.find(name);
    return found == id_token.end() ? nullptr : &found->second;
}

result<claims_request, std::string> parse_claims_request(std::string_view json) {
    if (json.size() > longest) return std::string("claims is too long");
    const auto whole = jose::parse_strict_object(json);
    if (!whole) return std::string("claims is not a JSON object");
    claims_request request;
    if (!parse_part(*whole, "id_token", request.id_token) ||
        !parse_part(*whole, "userinfo", request.userinfo)) {
        return std::string("claims has a member of the wrong form");
    }
    return request;
}

}  // namespace kommpass::idp::oauth
