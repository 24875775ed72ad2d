#pragma once

#include "idp/store/pushed_requests.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class pushed_requests final : public pushed_request_store {
public:
    explicit pushed_requests(database& on);
    void put(const pushed_request&) override;
    std::optional<pushed_request> find(std::string_view reference_hash, instant now) override;
    bool use_up(std::string_view reference_hash, instant now) override;

private:
    statement insert_;
    statement find_;
    statement use_up_;
};

}  // namespace kommpass::idp::store::sql
