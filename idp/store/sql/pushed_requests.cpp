#include "idp/store/sql/pushed_requests.hpp"

#define PUSHED_COLUMNS "hash, client, parameters, expires_at, kept_until"
#define STILL_KEPT " WHERE hash_key = ? AND hash = ? AND kept_until > ?"

namespace kommpass::idp::store::sql {

pushed_requests::pushed_requests(database& on)
    : insert_(on, "INSERT INTO pushed_request (" PUSHED_COLUMNS ", hash_key) VALUES (?,?,?,?,?,?)"),
      find_(on, "SELECT used, " PUSHED_COLUMNS " FROM pushed_request" STILL_KEPT),
      use_up_(on, "UPDATE pushed_request SET used = 1" STILL_KEPT " AND used = 0") {}

void pushed_requests::put(const pushed_request& one) {
    insert_.run(blob{one.reference_hash}, one.client, one.parameters, one.expires_at,
                one.kept_until, hash_key(one.reference_hash));
}

std::optional<pushed_request> pushed_requests::find(std::string_view hash, instant now) {
    auto answer = find_.query(hash_key(hash), blob{hash}, now);
    if (!answer.next()) return std::nullopt;
    pushed_request one;
    answer.read(one.used, one.reference_hash, one.client, one.parameters, one.expires_at,
                one.kept_until);
    return one;
}

bool pushed_requests::use_up(std::string_view hash, instant now) {
    return use_up_.run(hash_key(hash), blob{hash}, now) > 0;
}

}  // namespace kommpass::idp::store::sql
