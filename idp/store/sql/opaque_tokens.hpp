#pragma once

#include "idp/store/opaque_tokens.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class opaque_tokens final : public opaque_token_store {
public:
    explicit opaque_tokens(database& on);
    void put(const opaque_token&) override;
    std::optional<opaque_token> find(std::string_view hash, instant now) override;

private:
    statement put_;
    statement find_;
};

}  // namespace kommpass::idp::store::sql
