#pragma once

#include "idp/store/codes.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class codes final : public code_store {
public:
    explicit codes(database& on);
    void put(const issued_code&) override;
    std::variant<issued_code, code_replayed, code_unknown> redeem(std::string_view code_hash,
                                                                  instant now) override;

private:
    statement insert_;
    statement find_;
    statement use_up_;
};

}  // namespace kommpass::idp::store::sql
