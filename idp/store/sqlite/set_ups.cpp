#include "idp/store/sqlite/set_ups.hpp"

namespace kommpass::idp::store::sqlite {

set_ups::set_ups(connection& on)
    : find_(on,
            "SELECT member, document, tested_at, changed_by, changed_at FROM set_up"
            " WHERE member = ?"),
      put_(on,
           "INSERT OR REPLACE INTO set_up (member, document, tested_at, changed_by, changed_at)"
           " VALUES (?,?,?,?,?)"),
      remove_(on, "DELETE FROM set_up WHERE member = ?") {}

std::optional<set_up> set_ups::find(const member_slug& member) {
    auto found = find_.query(member);
    if (!found.next()) return std::nullopt;
    set_up one;
    found.read(one.member, one.document, one.tested_at, one.changed_by, one.changed_at);
    return one;
}

void set_ups::put(const set_up& one) {
    put_.run(one.member, one.document, one.tested_at, one.changed_by, one.changed_at);
}

void set_ups::remove(const member_slug& member) { remove_.run(member); }

}  // namespace kommpass::idp::store::sqlite
