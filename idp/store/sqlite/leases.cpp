#include "idp/store/sqlite/leases.hpp"

#include <stdexcept>

namespace kommpass::idp::store::sqlite {

leases::leases(connection& on)
    : take_(on,
            "INSERT INTO lease (name, holder, fence, until) VALUES (?1, ?2, 1, ?4)"
            " ON CONFLICT (name) DO UPDATE"
            " SET fence = fence + (holder <> ?2), holder = ?2, until = ?4"
            " WHERE holder = ?2 OR until <= ?3 RETURNING fence"),
      release_(on, "UPDATE lease SET holder = '', until = 0 WHERE name = ? AND holder = ?"),
      holds_(on, "SELECT 1 FROM lease WHERE name = ? AND fence = ? AND until > ?") {}

std::optional<long long> leases::take(std::string_view name, std::string_view holder, instant now,
                                      instant until) {
    if (name.empty() || holder.empty() || until <= now)
        throw std::invalid_argument("a lease without a name, a holder or a length");
    auto answer = take_.query(name, holder, now, until);
    std::optional<long long> fence;
    while (answer.next()) answer.read(fence.emplace());
    return fence;
}

bool leases::release(std::string_view name, std::string_view holder) {
    return release_.run(name, holder) > 0;
}

bool leases::holds(std::string_view name, long long fence, instant now) {
    return holds_.query(name, fence, now).next();
}

}  // namespace kommpass::idp::store::sqlite
