#include "idp/store/sql/opaque_tokens.hpp"

namespace kommpass::idp::store::sql {

opaque_tokens::opaque_tokens(database& on)
    : put_(on, "INSERT INTO opaque_token (hash, claims_json, expires_at) VALUES (?,?,?)"),
      find_(on,
            "SELECT hash, claims_json, expires_at FROM opaque_token"
            " WHERE hash = ? AND expires_at > ?") {}

void opaque_tokens::put(const opaque_token& one) {
    put_.run(blob{one.hash}, one.claims_json, one.expires_at);
}

std::optional<opaque_token> opaque_tokens::find(std::string_view hash, instant now) {
    auto answer = find_.query(blob{hash}, now);
    if (!answer.next()) return std::nullopt;
    opaque_token found;
    answer.read(found.hash, found.claims_json, found.expires_at);
    return found;
}

}  // namespace kommpass::idp::store::sql
