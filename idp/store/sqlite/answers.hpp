#pragma once

#include "idp/store/sqlite/statement.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::store::sqlite {

class answers final : public idempotency_store {
public:
    explicit answers(connection& on);
    std::optional<idempotent_answer> find(std::string_view actor, std::string_view key) override;
    void put(const idempotent_answer&) override;

private:
    statement find_;
    statement put_;
};

}  // namespace kommpass::idp::store::sqlite
