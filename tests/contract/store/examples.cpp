#include "tests/contract/store/examples.hpp"

#include <functional>

namespace kommpass::tests {

using namespace std::chrono_literals;
using namespace idp::store;

std::string hash_of(const std::string& text) {
    std::string hash(32, '\0');
    auto state = std::hash<std::string>{}(text);
    for (std::size_t i = 0; i < hash.size(); ++i, state = state * 6364136223846793005U + 1)
        if (i % 7 != 5) hash[i] = static_cast<char>(state >> 56);
    return hash;
}

session session_number(int n) {
    const auto number = std::to_string(n);
    return {.id = "session-" + number,
            .secret_hash = hash_of("cookie " + number),
            .person = person_id("person-" + number),
            .member = member_slug("lebus"),
            .directory = directory_id("5d1d8c3e-" + number),
            .identity_json = R"({"n":"Šćěpan Noack"})",
            .authenticated_at = noon - 5s,
            .amr = {"pwd", "otp"},
            .acr = "urn:kommpass:acr:password",
            .created_at = noon - 1h,
            .last_used_at = noon,
            .expires_at = noon + 10h,
            .user_agent = "Firefox/" + number,
            .address = "2001:db8::1"};
}

authorization authorization_number(int n) {
    const auto number = std::to_string(n);
    return {.family = "family-" + number,
            .client = client_id("dms-web"),
            .person = person_id("person-" + number),
            .member = member_slug("lebus"),
            .directory = directory_id("5d1d8c3e-" + number),
            .session = "session-" + number,
            .scope = {"openid", "email"},
            .claims_json = R"({"userinfo":{"email":null}})",
            .identity_json = R"({"n":"Anna Noack"})",
            .authenticated_at = noon - 5s,
            .amr = {"pwd"},
            .acr = "urn:kommpass:acr:password",
            .resources = {"https://mail.example/"},
            .details_json = R"([{"type":"urn:kommpass:role"}])"};
}

issued_code code_number(int n) {
    return {.code_hash = hash_of("code " + std::to_string(n)),
            .given = authorization_number(n),
            .redirect_uri = "https://dms.example.org/cb?x=1",
            .challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            .nonce = "n-0S6_WzA2Mj",
            .expires_at = noon + 60s};
}

token_family family_number(int n) {
    return {.given = authorization_number(n),
            .current_hash = hash_of("refresh token " + std::to_string(n)),
            .previous_hash = {},
            .rotated_at = noon,
            .issued_at = noon,
            .expires_at = noon + 10h,
            .revoked = false};
}

audit_record audit_record_number(int n) {
    const auto number = std::to_string(n);
    return {.at = noon + std::chrono::milliseconds(n),
            .event = "sign_in.success",
            .result = "ok",
            .member = member_slug("lebus"),
            .person = person_id("person-" + number),
            .client = client_id("dms-web"),
            .request = "01JADX-" + number,
            .address = "10.1.2.3",
            .detail_json = R"({"amr":"pwd"})"};
}

}  // namespace kommpass::tests
