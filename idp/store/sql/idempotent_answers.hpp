#pragma once

#include "idp/store/idempotent_answers.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class idempotent_answers final : public idempotency_store {
public:
    explicit idempotent_answers(database& on);
    std::optional<idempotent_answer> find(std::string_view actor, std::string_view key) override;
    void put(const idempotent_answer&) override;

private:
    statement find_;
    statement put_;
};

}  // namespace kommpass::idp::store::sql
