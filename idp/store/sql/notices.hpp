#pragma once

#include "idp/store/notices.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class notices final : public notice_store {
public:
    explicit notices(database& on);
    std::vector<std::string> unsent(const std::vector<std::string>& keys) override;
    void mark_sent(const std::vector<std::string>& keys, instant forget_after) override;

private:
    statement find_;
    statement put_;
};

}  // namespace kommpass::idp::store::sql
