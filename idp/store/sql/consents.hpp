#pragma once

#include "idp/store/consents.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class consents final : public consent_store {
public:
    explicit consents(database& on);
    void put(const consent&) override;
    std::optional<consent> find(const person_id&, const client_id&) override;
    std::vector<consent> of_person(const person_id&) override;
    void withdraw(const person_id&, const client_id&) override;

private:
    statement put_;
    statement find_;
    statement of_person_;
    statement delete_;
};

}  // namespace kommpass::idp::store::sql
