#pragma once

#include "idp/store/leases.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

// All processes that share the file are on one machine: the callers' clock is everybody's.
class leases final : public lease_store {
public:
    explicit leases(database& on);
    std::optional<long long> take(std::string_view name, std::string_view holder, instant now,
                                  instant until) override;
    bool release(std::string_view name, std::string_view holder) override;
    bool holds(std::string_view name, long long fence, instant now) override;
    instant shared_time(instant now) override;

private:
    database& on_;
    statement take_;
    statement release_;
    statement holds_;
};

}  // namespace kommpass::idp::store::sql
