#include "idp/sessions/remembered_member.hpp"

#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/sessions/browser.hpp"

namespace kommpass::idp::sessions {
namespace {

constexpr char separator = '.';  // stands in no slug

std::string proven(std::string_view member, const jose::key_ring& keys) {
    return std::string(member) + separator +
           base64url::encode(keys.keyed_hash("remembered member", member));
}

}  // namespace

void remember_member(http::response& answer, const member_slug& member,
                     const jose::key_ring& keys) {
    set_member_cookie(answer, proven(member.view(), keys));
}

member_slug remembered_member(const browser& from, const jose::key_ring& keys) {
    const auto member = std::string_view(from.member).substr(0, from.member.find(separator));
    if (member.empty() || !equal_in_constant_time(from.member, proven(member, keys))) return {};
    return member_slug(member);
}

}  // namespace kommpass::idp::sessions
