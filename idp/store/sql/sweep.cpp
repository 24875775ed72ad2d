#include "idp/store/sql/sweep.hpp"

// At a few microseconds a row: some milliseconds for all tables together.
#define OLDEST(TABLE, KEY, EXPIRY) \
    "(SELECT " KEY " FROM " TABLE " WHERE " EXPIRY " < ? ORDER BY " EXPIRY " LIMIT 250)"
#define DELETE_OLDEST(TABLE, KEY, EXPIRY) \
    "DELETE FROM " TABLE " WHERE " KEY " IN " OLDEST(TABLE, KEY, EXPIRY)

namespace kommpass::idp::store::sql {

sweep::sweep(database& on)
    : session_clients_(on,
                       "DELETE FROM session_client WHERE session IN"
                       " (SELECT id FROM session WHERE number IN " OLDEST("session", "number",
                                                                          "expires_at") ")"),
      sessions_(on, DELETE_OLDEST("session", "number", "expires_at")),
      codes_(on, DELETE_OLDEST("code", "number", "expires_at")),
      families_(on, DELETE_OLDEST("token_family", "number", "expires_at")),
      access_tokens_(on, DELETE_OLDEST("revoked_access_token", "jti", "expires_at")),
      pushed_requests_(on, DELETE_OLDEST("pushed_request", "number", "kept_until")),
      replays_(on, "DELETE FROM replay WHERE (scope, id) IN " OLDEST("replay", "scope, id",
                                                                     "forget_after")),
      answers_(on, "DELETE FROM idempotent_answer WHERE (actor, key) IN " OLDEST(
                       "idempotent_answer", "actor, key", "expires_at")),
      notices_(on, DELETE_OLDEST("notice", "key", "forget_after")),
      devices_(on, DELETE_OLDEST("device_request", "device_code_hash", "expires_at")),
      opaque_tokens_(on, DELETE_OLDEST("opaque_token", "hash", "expires_at")),
      guess_counts_(on, DELETE_OLDEST("guess_count", "name", "kept_until")) {}

std::size_t sweep::operator()(instant now) {
    session_clients_.send(now);  // while the sessions that lead to them are still there
    long long gone = sessions_.run(now);
    for (auto* table : {&codes_, &families_, &access_tokens_, &pushed_requests_, &replays_,
                        &answers_, &notices_, &devices_, &opaque_tokens_, &guess_counts_})
        gone += table->run(now);
    return static_cast<std::size_t>(gone);
}

}  // namespace kommpass::idp::store::sql
