#include "idp/store/sql/token_families.hpp"

#define FAMILY_COLUMNS                                                                    \
    "family, client, person, member, directory, session, scope, claims_json, "            \
    "identity_json, authenticated_at, amr, acr, current_hash, previous_hash, "            \
    "rotated_at, issued_at, expires_at, revoked, seed, generation, replaced, resources, " \
    "bound_to, "                                                                          \
    "details_json"
#define IS_OFFLINE "replace(' ' || scope || ' ', ' offline_access ', '') <> ' ' || scope || ' '"

namespace kommpass::idp::store::sql {
namespace {

using words = std::vector<std::string>;

words to_words(const std::vector<instant>& times) {
    words all;
    for (const auto at : times) all.push_back(std::to_string(at.time_since_epoch().count()));
    return all;
}

std::vector<instant> to_times(const words& all) {
    std::vector<instant> times;
    for (const auto& one : all) times.emplace_back(instant::duration(std::stoll(one)));
    return times;
}

token_family current(rows& answer) {
    token_family f;
    words replaced;
    auto& a = f.given;
    answer.read(a.family, a.client, a.person, a.member, a.directory, a.session, a.scope,
                a.claims_json, a.identity_json, a.authenticated_at, a.amr, a.acr, f.current_hash,
                f.previous_hash, f.rotated_at, f.issued_at, f.expires_at, f.revoked, f.seed,
                f.generation, replaced, a.resources, a.bound_to, a.details_json);
    f.replaced = to_times(replaced);
    return f;
}

}  // namespace

token_families::token_families(database& on)
    : insert_(on, "INSERT INTO token_family (" FAMILY_COLUMNS
                  ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
      by_id_(on, "SELECT " FAMILY_COLUMNS " FROM token_family WHERE family = ?"),
      by_person_(on, "SELECT " FAMILY_COLUMNS
                     " FROM token_family WHERE person = ?"
                     " ORDER BY number"),
      rotate_(on,
              "UPDATE token_family SET previous_hash = current_hash, current_hash = ?,"
              " identity_json = ?, rotated_at = ?, seed = ?, generation = ?, replaced = ?"
              " WHERE family = ? AND current_hash = ? AND revoked = 0"),
      revoke_(on, "UPDATE token_family SET revoked = 1 WHERE family = ?"),
      revoke_of_session_(on,
                         "UPDATE token_family SET revoked = 1"
                         " WHERE session = ? AND session <> '' AND NOT " IS_OFFLINE),
      untie_from_session_(on,
                          "UPDATE token_family SET session = ''"
                          " WHERE session = ? AND session <> '' AND " IS_OFFLINE),
      revoke_of_person_(on, "UPDATE token_family SET revoked = 1 WHERE person = ?"),
      insert_access_token_(on,
                           "INSERT INTO revoked_access_token VALUES (?,?) ON CONFLICT DO NOTHING"),
      find_access_token_(on, "SELECT 1 FROM revoked_access_token WHERE jti = ?") {}

void token_families::put(const token_family& f) {
    const auto& a = f.given;
    insert_.send(a.family, a.client, a.person, a.member, a.directory, a.session, a.scope,
                 a.claims_json, a.identity_json, a.authenticated_at, a.amr, a.acr,
                 blob{f.current_hash}, blob{f.previous_hash}, f.rotated_at, f.issued_at,
                 f.expires_at, f.revoked, f.seed, f.generation, to_words(f.replaced), a.resources,
                 a.bound_to, a.details_json);
}

std::optional<token_family> token_families::find(std::string_view family) {
    auto answer = by_id_.query(family);
    if (!answer.next()) return std::nullopt;
    return current(answer);
}

bool token_families::rotate(std::string_view family, const rotation& to) {
    return rotate_.run(blob{to.next}, to.identity_json, to.at, to.seed, to.generation,
                       to_words(to.replaced), family, blob{to.expected_current}) > 0;
}

void token_families::revoke(std::string_view family) { revoke_.send(family); }

void token_families::revoke_of_session(std::string_view session) {
    revoke_of_session_.send(session);
    untie_from_session_.send(session);
}

void token_families::revoke_of_person(const person_id& person) { revoke_of_person_.send(person); }

std::vector<token_family> token_families::of_person(const person_id& person) {
    std::vector<token_family> all;
    auto answer = by_person_.query(person);
    while (answer.next()) all.push_back(current(answer));
    return all;
}

void token_families::revoke_access_token(std::string_view jti, instant expires_at) {
    insert_access_token_.send(jti, expires_at);
}

bool token_families::access_token_revoked(std::string_view jti) {
    return find_access_token_.query(jti).next();
}

}  // namespace kommpass::idp::store::sql
