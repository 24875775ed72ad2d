#include "idp/store/sql/persons.hpp"

#include "idp/store/person_tie.hpp"

namespace kommpass::idp::store::sql {
namespace {

std::vector<person> all_of(rows answer) {
    std::vector<person> all;
    while (answer.next()) {
        person one;
        answer.read(one.id, one.member, one.directory, one.first_seen);
        all.push_back(std::move(one));
    }
    return all;
}

std::optional<person> first_of(rows answer) {
    if (!answer.next()) return std::nullopt;
    person one;
    answer.read(one.id, one.member, one.directory, one.first_seen);
    return one;
}

}  // namespace

persons::persons(database& on)
    : insert_(on, "INSERT INTO person (id, member, directory, first_seen) VALUES (?,?,?,?)"),
      by_id_(on, "SELECT id, member, directory, first_seen FROM person WHERE id = ?"),
      by_directory_(on,
                    "SELECT id, member, directory, first_seen FROM person"
                    " WHERE member = ? AND directory = ?"),
      of_member_(on, "SELECT id, member, directory, first_seen FROM person WHERE member = ?"),
      live_(on,
            "SELECT id, member, directory, first_seen FROM person WHERE id IN ("
            "SELECT person FROM session WHERE member = ?1 AND expires_at > ?2 UNION "
            "SELECT person FROM token_family WHERE member = ?1 AND revoked = 0 AND"
            " expires_at > ?2)"),
      live_members_(on,
                    "SELECT member FROM session WHERE expires_at > ?1 UNION "
                    "SELECT member FROM token_family WHERE revoked = 0 AND expires_at > ?1"),
      tie_(on, "SELECT value FROM person_tie WHERE person = ? AND attribute = ?"),
      put_tie_(on,
               "INSERT INTO person_tie (person, attribute, value) VALUES (?,?,?)"
               " ON CONFLICT (person, attribute) DO UPDATE SET value = excluded.value"),
      ties_(on,
            "SELECT t.person, t.value FROM person_tie t JOIN person p ON p.id = t.person"
            " WHERE p.member = ? AND t.attribute = ?"),
      retie_person_(on,
                    "UPDATE person SET directory = ?1 WHERE id = ?2 AND NOT EXISTS ("
                    "SELECT 1 FROM person other WHERE other.member = person.member"
                    " AND other.directory = ?1 AND other.id <> ?2)"),
      retie_sessions_(on, "UPDATE session SET directory = ? WHERE person = ?"),
      retie_codes_(on, "UPDATE code SET directory = ? WHERE person = ?"),
      retie_families_(on, "UPDATE token_family SET directory = ? WHERE person = ?"),
      erase_session_clients_(on,
                             "DELETE FROM session_client WHERE session IN"
                             " (SELECT id FROM session WHERE person = ?)"),
      erase_sessions_(on, "DELETE FROM session WHERE person = ?"),
      erase_codes_(on, "DELETE FROM code WHERE person = ?"),
      erase_families_(on, "DELETE FROM token_family WHERE person = ?"),
      erase_consents_(on, "DELETE FROM consent WHERE person = ?"),
      erase_ties_(on, "DELETE FROM person_tie WHERE person = ?"),
      erase_person_(on, "DELETE FROM person WHERE id = ?") {}

person persons::ensure(const member_slug& member, const directory_id& directory,
                       const person_id& candidate, instant now) {
    if (auto known = find(member, directory)) return *std::move(known);
    insert_.send(candidate, member, directory, now);
    return {candidate, member, directory, now};
}

std::optional<person> persons::find(const person_id& id) { return first_of(by_id_.query(id)); }

std::optional<person> persons::find(const member_slug& member, const directory_id& directory) {
    return first_of(by_directory_.query(member, directory));
}

std::vector<person> persons::of_member(const member_slug& member) {
    return all_of(of_member_.query(member));
}

std::vector<person> persons::with_live_access(const member_slug& member, instant now) {
    return all_of(live_.query(member, now));
}

std::vector<member_slug> persons::members_with_live_access(instant now) {
    std::vector<member_slug> members;
    auto answer = live_members_.query(now);
    while (answer.next()) answer.read(members.emplace_back());
    return members;
}

void persons::remember_ties(const person_id& id, const std::vector<person_tie>& ties) {
    for (const auto& tie : ties) {
        // Nearly always it is as it was: then nothing is written.
        std::string known;
        {
            auto answer = tie_.query(id, tie.attribute);
            if (answer.next()) answer.read(known);
        }
        if (known != tie.value_hash) put_tie_.send(id, tie.attribute, blob{tie.value_hash});
    }
}

std::vector<std::pair<person_id, std::string>> persons::ties_of_member(const member_slug& member,
                                                                       std::string_view attribute) {
    std::vector<std::pair<person_id, std::string>> ties;
    auto answer = ties_.query(member, attribute);
    while (answer.next()) {
        auto& [id, value] = ties.emplace_back();
        answer.read(id, value);
    }
    return ties;
}

void persons::erase(const person_id& id) {
    for (auto* statement : {&erase_session_clients_, &erase_sessions_, &erase_codes_,
                            &erase_families_, &erase_consents_, &erase_ties_, &erase_person_}) {
        statement->send(id);
    }
}

bool persons::retie(const person_id& id, const directory_id& directory) {
    if (retie_person_.run(directory, id) == 0) return false;
    retie_sessions_.send(directory, id);
    retie_codes_.send(directory, id);
    retie_families_.send(directory, id);
    return true;
}

}  // namespace kommpass::idp::store::sql
