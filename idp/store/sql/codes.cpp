#include "idp/store/sql/codes.hpp"

#define CODE_COLUMNS                                                                          \
    "hash, family, client, person, member, directory, session, scope, claims_json, "          \
    "identity_json, authenticated_at, amr, acr, redirect_uri, challenge, nonce, expires_at, " \
    "resources, bound_to, details_json"

namespace kommpass::idp::store::sql {

codes::codes(database& on)
    : insert_(on, "INSERT INTO code (" CODE_COLUMNS
                  ", hash_key) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
      find_(on, "SELECT number, used, " CODE_COLUMNS
                " FROM code WHERE hash_key = ? AND hash = ? AND expires_at > ?"),
      use_up_(on, "UPDATE code SET used = 1 WHERE number = ?") {}

void codes::put(const issued_code& c) {
    const auto& a = c.given;
    insert_.send(blob{c.code_hash}, a.family, a.client, a.person, a.member, a.directory, a.session,
                 a.scope, a.claims_json, a.identity_json, a.authenticated_at, a.amr, a.acr,
                 c.redirect_uri, c.challenge, c.nonce, c.expires_at, a.resources, a.bound_to,
                 a.details_json, hash_key(c.code_hash));
}

std::variant<issued_code, code_replayed, code_unknown> codes::redeem(std::string_view code_hash,
                                                                     instant now) {
    long long number = 0;
    bool used = false;
    issued_code c;
    {
        auto answer = find_.query(hash_key(code_hash), blob{code_hash}, now);
        if (!answer.next()) return code_unknown{};
        auto& a = c.given;
        answer.read(number, used, c.code_hash, a.family, a.client, a.person, a.member, a.directory,
                    a.session, a.scope, a.claims_json, a.identity_json, a.authenticated_at, a.amr,
                    a.acr, c.redirect_uri, c.challenge, c.nonce, c.expires_at, a.resources,
                    a.bound_to, a.details_json);
    }
    if (used) return code_replayed{std::move(c.given.family)};
    use_up_.send(number);
    return c;
}

}  // namespace kommpass::idp::store::sql
