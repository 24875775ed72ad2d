#include "idp/store/sql/sessions.hpp"

#define SESSION_COLUMNS                                                             \
    "id, secret_hash, person, member, directory, identity_json, authenticated_at, " \
    "amr, acr, created_at, last_used_at, expires_at, user_agent, address"

namespace kommpass::idp::store::sql {
namespace {

session current(rows& answer) {
    session s;
    answer.read(s.id, s.secret_hash, s.person, s.member, s.directory, s.identity_json,
                s.authenticated_at, s.amr, s.acr, s.created_at, s.last_used_at, s.expires_at,
                s.user_agent, s.address);
    return s;
}

std::optional<session> first_of(rows answer) {
    if (!answer.next()) return std::nullopt;
    return current(answer);
}

}  // namespace

sessions::sessions(database& on)
    : insert_(on, "INSERT INTO session (" SESSION_COLUMNS
                  ", secret_key) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
      by_secret_(
          on, "SELECT " SESSION_COLUMNS " FROM session WHERE secret_key = ? AND secret_hash = ?"),
      by_id_(on, "SELECT " SESSION_COLUMNS " FROM session WHERE id = ?"),
      by_person_(on, "SELECT " SESSION_COLUMNS " FROM session WHERE person = ? ORDER BY number"),
      ids_of_person_(on, "SELECT id FROM session WHERE person = ? ORDER BY number"),
      touch_(on, "UPDATE session SET last_used_at = ? WHERE id = ?"),
      update_(on,
              "UPDATE session SET secret_key = ?, secret_hash = ?, person = ?, member = ?,"
              " directory = ?, identity_json = ?, authenticated_at = ?, amr = ?, acr = ?,"
              " last_used_at = ?, expires_at = ?, user_agent = ?, address = ? WHERE id = ?"),
      delete_(on, "DELETE FROM session WHERE id = ?"),
      delete_clients_(on, "DELETE FROM session_client WHERE session = ?"),
      insert_client_(on, "INSERT INTO session_client VALUES (?,?) ON CONFLICT DO NOTHING"),
      clients_(on, "SELECT client FROM session_client WHERE session = ? ORDER BY client") {}

void sessions::put(const session& s) {
    insert_.send(s.id, blob{s.secret_hash}, s.person, s.member, s.directory, s.identity_json,
                 s.authenticated_at, s.amr, s.acr, s.created_at, s.last_used_at, s.expires_at,
                 s.user_agent, s.address, hash_key(s.secret_hash));
}

std::optional<session> sessions::find_by_secret(std::string_view secret_hash) {
    return first_of(by_secret_.query(hash_key(secret_hash), blob{secret_hash}));
}

std::optional<session> sessions::find(std::string_view id) { return first_of(by_id_.query(id)); }

std::vector<session> sessions::of_person(const person_id& person) {
    std::vector<session> all;
    auto answer = by_person_.query(person);
    while (answer.next()) all.push_back(current(answer));
    return all;
}

void sessions::touch(std::string_view id, instant last_used_at) { touch_.send(last_used_at, id); }

void sessions::update(const session& s) {
    update_.send(hash_key(s.secret_hash), blob{s.secret_hash}, s.person, s.member, s.directory,
                 s.identity_json, s.authenticated_at, s.amr, s.acr, s.last_used_at, s.expires_at,
                 s.user_agent, s.address, s.id);
}

bool sessions::end(std::string_view id) {
    delete_clients_.send(id);
    return delete_.run(id) > 0;
}

std::vector<std::string> sessions::end_all_of(const person_id& person) {
    std::vector<std::string> ids;
    {
        auto answer = ids_of_person_.query(person);
        while (answer.next()) answer.read(ids.emplace_back());
    }
    for (const auto& id : ids) end(id);
    return ids;
}

void sessions::add_client(std::string_view id, const client_id& client) {
    insert_client_.send(id, client);
}

std::vector<client_id> sessions::clients_of(std::string_view id) {
    std::vector<client_id> clients;
    auto answer = clients_.query(id);
    while (answer.next()) answer.read(clients.emplace_back());
    return clients;
}

}  // namespace kommpass::idp::store::sql
