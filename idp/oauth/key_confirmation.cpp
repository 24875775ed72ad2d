#include "idp/oauth/key_confirmation.hpp"

#include <boost/json/value.hpp>

#include <array>
#include <utility>

namespace kommpass::idp::oauth {
namespace {

using kind = key_confirmation::kind;

constexpr std::array<std::pair<std::string_view, kind>, 2> methods{
    {{"jkt", kind::dpop}, {"x5t#S256", kind::certificate}}};

}  // namespace

std::string_view key_confirmation::token_type() const noexcept {
    return by == kind::dpop ? "DPoP" : "Bearer";
}

std::string to_text(const key_confirmation& key) {
    for (const auto& [word, by] : methods) {
        if (by == key.by) return std::string(word) + ":" + key.thumbprint;
    }
    return {};
}

key_confirmation key_confirmation_in(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return {};
    for (const auto& [word, by] : methods) {
        if (word == text.substr(0, colon)) return {by, std::string(text.substr(colon + 1))};
    }
    return {};
}

void add_confirmation(boost::json::object& claims, const key_confirmation& key) {
    for (const auto& [word, by] : methods) {
        if (by == key.by) claims["cnf"] = boost::json::object{{word, key.thumbprint}};
    }
}

key_confirmation confirmation_of(const boost::json::object& claims) {
    const auto* cnf = claims.if_contains("cnf");
    if (cnf == nullptr || !cnf->is_object()) return {};
    for (const auto& [word, by] : methods) {
        const auto* thumbprint = cnf->get_object().if_contains(word);
        if (thumbprint != nullptr && thumbprint->is_string())
            return {by, std::string(thumbprint->get_string())};
    }
    return {};
}

}  // namespace kommpass::idp::oauth
