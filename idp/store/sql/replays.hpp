#pragma once

#include "idp/store/replays.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class replays final : public replay_store {
public:
    explicit replays(database& on);
    bool first_use(std::string_view scope, std::string_view id, instant forget_after) override;

private:
    statement insert_;
};

}  // namespace kommpass::idp::store::sql
