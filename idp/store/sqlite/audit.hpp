#pragma once

#include "idp/store/sqlite/statement.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::store::sqlite {

class audit final : public audit_log {
public:
    explicit audit(connection& on);
    void append(const audit_record&) override;
    std::vector<stored_audit_record> read(long long after, std::size_t limit) override;

private:
    statement insert_;
    statement after_;
};

}  // namespace kommpass::idp::store::sqlite
