#pragma once

#include "idp/store/sealed_keys.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class sealed_keys final : public sealed_key_store {
public:
    explicit sealed_keys(database& on);
    std::optional<sealed_key_set> find() override;
    long long version() override;
    bool put(long long predecessor, std::string_view sealed) override;

private:
    statement find_;
    statement version_;
    statement first_;
    statement next_;
};

}  // namespace kommpass::idp::store::sql
