#pragma once

#include "idp/store/sql/statement.hpp"
#include "idp/store/token_families.hpp"

namespace kommpass::idp::store::sql {

class token_families final : public token_family_store {
public:
    explicit token_families(database& on);
    void put(const token_family&) override;
    std::optional<token_family> find(std::string_view family) override;
    bool rotate(std::string_view family, const rotation&) override;
    void revoke(std::string_view family) override;
    void revoke_of_session(std::string_view session) override;
    void revoke_of_person(const person_id&) override;
    std::vector<token_family> of_person(const person_id&) override;
    void revoke_access_token(std::string_view jti, instant expires_at) override;
    bool access_token_revoked(std::string_view jti) override;

private:
    statement insert_;
    statement by_id_;
    statement by_person_;
    statement rotate_;
    statement revoke_;
    statement revoke_of_session_;
    statement untie_from_session_;
    statement revoke_of_person_;
    statement insert_access_token_;
    statement find_access_token_;
};

}  // namespace kommpass::idp::store::sql
