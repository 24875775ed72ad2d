#include "idp/store/sql/consents.hpp"

namespace kommpass::idp::store::sql {

consents::consents(database& on)
    : put_(on,
           "INSERT INTO consent (person, client, scope, given_at, claims) VALUES (?,?,?,?,?)"
           " ON CONFLICT (person, client) DO UPDATE SET scope = excluded.scope, given_at = "
           "excluded.given_at,"
           " claims = excluded.claims"),
      find_(on,
            "SELECT person, client, scope, given_at, claims FROM consent"
            " WHERE person = ? AND client = ?"),
      of_person_(on,
                 "SELECT person, client, scope, given_at, claims FROM consent WHERE person = ?"),
      delete_(on, "DELETE FROM consent WHERE person = ? AND client = ?") {}

void consents::put(const consent& c) {
    put_.send(c.person, c.client, c.scope, c.given_at, c.claims);
}

std::optional<consent> consents::find(const person_id& person, const client_id& client) {
    auto answer = find_.query(person, client);
    if (!answer.next()) return std::nullopt;
    consent c;
    answer.read(c.person, c.client, c.scope, c.given_at, c.claims);
    return c;
}

std::vector<consent> consents::of_person(const person_id& person) {
    std::vector<consent> all;
    auto answer = of_person_.query(person);
    while (answer.next()) {
        auto& c = all.emplace_back();
        answer.read(c.person, c.client, c.scope, c.given_at, c.claims);
    }
    return all;
}

void consents::withdraw(const person_id& person, const client_id& client) {
    delete_.send(person, client);
}

}  // namespace kommpass::idp::store::sql
