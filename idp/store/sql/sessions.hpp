#pragma once

#include "idp/store/sessions.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class sessions final : public session_store {
public:
    explicit sessions(database& on);
    void put(const session&) override;
    std::optional<session> find_by_secret(std::string_view secret_hash) override;
    std::optional<session> find(std::string_view id) override;
    std::vector<session> of_person(const person_id&) override;
    void touch(std::string_view id, instant last_used_at) override;
    void update(const session&) override;
    bool end(std::string_view id) override;
    std::vector<std::string> end_all_of(const person_id&) override;
    void add_client(std::string_view id, const client_id&) override;
    std::vector<client_id> clients_of(std::string_view id) override;

private:
    statement insert_;
    statement by_secret_;
    statement by_id_;
    statement by_person_;
    statement ids_of_person_;
    statement touch_;
    statement update_;
    statement delete_;
    statement delete_clients_;
    statement insert_client_;
    statement clients_;
};

}  // namespace kommpass::idp::store::sql
