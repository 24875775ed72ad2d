#include "idp/store/sql/leases.hpp"

#include <stdexcept>

namespace kommpass::idp::store::sql {

leases::leases(database& on)
    : on_(on),
      take_(on,
            "INSERT INTO lease (name, holder, fence, until) VALUES (?1, ?2, 1, ?4)"
            " ON CONFLICT (name) DO UPDATE"
            " SET fence = lease.fence + CASE WHEN lease.holder <> ?2 THEN 1 ELSE 0 END,"
            " holder = ?2, until = ?4"
            " WHERE lease.holder = ?2 OR lease.until <= ?3 RETURNING fence"),
      release_(on, "UPDATE lease SET holder = '', until = 0 WHERE name = ? AND holder = ?"),
      holds_(on, "SELECT 1 FROM lease WHERE name = ? AND fence = ? AND until > ?") {}

std::optional<long long> leases::take(std::string_view name, std::string_view holder, instant now,
                                      instant until) {
    if (name.empty() || holder.empty() || until <= now)
        throw std::invalid_argument("a lease without a name, a holder or a length");
    const auto shared_now = on_.shared_time(now);
    const auto end = shared_now + (until - now);
    auto answer = take_.query(name, holder, shared_now, end);
    std::optional<long long> fence;
    while (answer.next()) answer.read(fence.emplace());
    return fence;
}

bool leases::release(std::string_view name, std::string_view holder) {
    return release_.run(name, holder) > 0;
}

bool leases::holds(std::string_view name, long long fence, instant now) {
    const auto shared_now = on_.shared_time(now);
    return holds_.query(name, fence, shared_now).next();
}

instant leases::shared_time(instant now) { return on_.shared_time(now); }

}  // namespace kommpass::idp::store::sql
