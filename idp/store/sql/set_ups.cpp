#include "idp/store/sql/set_ups.hpp"

namespace kommpass::idp::store::sql {

set_ups::set_ups(database& on)
    : find_(on,
            "SELECT member, document, tested_at, changed_by, changed_at, asked_by, asked_at,"
            " asked_why, asked_centrally FROM set_up WHERE member = ?"),
      all_asked_(on, "SELECT member FROM set_up WHERE asked_by <> '' ORDER BY member"),
      put_(on,
           "INSERT INTO set_up (member, document, tested_at, changed_by, changed_at,"
           " asked_by, asked_at, asked_why, asked_centrally) VALUES (?,?,?,?,?,?,?,?,?)"
           " ON CONFLICT (member) DO UPDATE SET document = excluded.document,"
           " tested_at = excluded.tested_at, changed_by = excluded.changed_by,"
           " changed_at = excluded.changed_at, asked_by = excluded.asked_by,"
           " asked_at = excluded.asked_at, asked_why = excluded.asked_why,"
           " asked_centrally = excluded.asked_centrally"),
      remove_(on, "DELETE FROM set_up WHERE member = ?") {}

std::optional<set_up> set_ups::find(const member_slug& member) {
    auto found = find_.query(member);
    if (!found.next()) return std::nullopt;
    set_up one;
    long long centrally = 0;
    found.read(one.member, one.document, one.tested_at, one.changed_by, one.changed_at,
               one.asked_by, one.asked_at, one.asked_why, centrally);
    one.asked_centrally = centrally != 0;
    return one;
}

std::vector<member_slug> set_ups::asked() {
    std::vector<member_slug> members;
    for (auto found = all_asked_.query(); found.next();) {
        member_slug one;
        found.read(one);
        members.push_back(std::move(one));
    }
    return members;
}

void set_ups::put(const set_up& one) {
    put_.send(one.member, one.document, one.tested_at, one.changed_by, one.changed_at, one.asked_by,
              one.asked_at, one.asked_why, static_cast<long long>(one.asked_centrally));
}

void set_ups::remove(const member_slug& member) { remove_.send(member); }

}  // namespace kommpass::idp::store::sql
