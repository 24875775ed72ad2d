#pragma once

#include "idp/store/idempotent_answers.hpp"
#include "idp/store/sqlite/statement.hpp"

namespace kommpass::idp::store::sqlite {

class idempotent_answers final : public idempotency_store {
public:
    explicit idempotent_answers(connection& on);
    std::optional<idempotent_answer> find(std::string_view actor, std::string_view key) override;
    void put(const idempotent_answer&) override;

private:
    statement find_;
    statement put_;
};

}  // namespace kommpass::idp::store::sqlite
