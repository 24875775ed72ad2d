#include "idp/store/sqlite/persons.hpp"

namespace kommpass::idp::store::sqlite {
namespace {

std::optional<person> first_of(rows answer) {
    if (!answer.next()) return std::nullopt;
    person one;
    answer.read(one.id, one.member, one.directory, one.first_seen);
    return one;
}

}  // namespace

persons::persons(connection& on)
    : insert_(on, "INSERT INTO person (id, member, directory, first_seen) VALUES (?,?,?,?)"),
      by_id_(on, "SELECT id, member, directory, first_seen FROM person WHERE id = ?"),
      by_directory_(on,
                    "SELECT id, member, directory, first_seen FROM person"
                    " WHERE member = ? AND directory = ?") {}

person persons::ensure(const member_slug& member, const directory_id& directory,
                       const person_id& candidate, instant now) {
    if (auto known = find(member, directory)) return *std::move(known);
    insert_.run(candidate, member, directory, now);
    return {candidate, member, directory, now};
}

std::optional<person> persons::find(const person_id& id) { return first_of(by_id_.query(id)); }

std::optional<person> persons::find(const member_slug& member, const directory_id& directory) {
    return first_of(by_directory_.query(member, directory));
}

}  // namespace kommpass::idp::store::sqlite
