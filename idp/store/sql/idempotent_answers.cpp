#include "idp/store/sql/idempotent_answers.hpp"

namespace kommpass::idp::store::sql {

idempotent_answers::idempotent_answers(database& on)
    : find_(on,
            "SELECT actor, key, request, status, body, expires_at FROM idempotent_answer"
            " WHERE actor = ? AND key = ?"),
      put_(
          on,
          "INSERT INTO idempotent_answer (actor, key, request, status, body, expires_at)"
          " VALUES (?,?,?,?,?,?) ON CONFLICT (actor, key) DO UPDATE SET request = excluded.request,"
          " status = excluded.status, body = excluded.body, expires_at = excluded.expires_at") {}

std::optional<idempotent_answer> idempotent_answers::find(std::string_view actor,
                                                          std::string_view key) {
    auto answer = find_.query(actor, key);
    if (!answer.next()) return std::nullopt;
    idempotent_answer a;
    answer.read(a.actor, a.key, a.request_hash, a.status, a.body, a.expires_at);
    return a;
}

void idempotent_answers::put(const idempotent_answer& a) {
    put_.send(a.actor, a.key, blob{a.request_hash}, a.status, a.body, a.expires_at);
}

}  // namespace kommpass::idp::store::sql
