#pragma once

#include "idp/store/sqlite/statement.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::store::sqlite {

class persons final : public person_store {
public:
    explicit persons(connection& on);
    person ensure(const member_slug&, const directory_id&, const person_id& candidate,
                  instant now) override;
    std::optional<person> find(const person_id&) override;
    std::optional<person> find(const member_slug&, const directory_id&) override;

private:
    statement insert_;
    statement by_id_;
    statement by_directory_;
};

}  // namespace kommpass::idp::store::sqlite
