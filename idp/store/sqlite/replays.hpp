#pragma once

#include "idp/store/replays.hpp"
#include "idp/store/sqlite/statement.hpp"

namespace kommpass::idp::store::sqlite {

class replays final : public replay_store {
public:
    explicit replays(connection& on);
    bool first_use(std::string_view scope, std::string_view id, instant forget_after) override;

private:
    statement insert_;
};

}  // namespace kommpass::idp::store::sqlite
