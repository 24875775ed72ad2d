#pragma once

#include "idp/store/device_requests.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class device_requests final : public device_request_store {
public:
    explicit device_requests(database& on);
    bool put(const device_request&) override;
    std::optional<device_request> find(std::string_view device_code_hash) override;
    std::optional<device_request> find_waiting(std::string_view user_code_hash,
                                               instant now) override;
    bool decide(std::string_view device_code_hash, device_decision) override;
    void polled(std::string_view device_code_hash, instant at, long long interval) override;

private:
    statement put_;
    statement find_;
    statement find_waiting_;
    statement decide_;
    statement polled_;
};

}  // namespace kommpass::idp::store::sql
