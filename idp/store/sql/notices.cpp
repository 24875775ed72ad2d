#include "idp/store/sql/notices.hpp"

namespace kommpass::idp::store::sql {

notices::notices(database& on)
    : find_(on, "SELECT 1 FROM notice WHERE key = ?"),
      put_(on,
           "INSERT INTO notice (key, forget_after) VALUES (?,?)"
           " ON CONFLICT (key) DO UPDATE SET forget_after = excluded.forget_after") {}

std::vector<std::string> notices::unsent(const std::vector<std::string>& keys) {
    std::vector<std::string> left;
    for (const auto& key : keys) {
        auto found = find_.query(key);
        if (!found.next()) left.push_back(key);
    }
    return left;
}

void notices::mark_sent(const std::vector<std::string>& keys, instant forget_after) {
    for (const auto& key : keys) put_.send(key, forget_after);
}

}  // namespace kommpass::idp::store::sql
