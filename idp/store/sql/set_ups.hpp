#pragma once

#include "idp/store/set_ups.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class set_ups final : public set_up_store {
public:
    explicit set_ups(database& on);
    std::optional<set_up> find(const member_slug&) override;
    void put(const set_up&) override;
    void remove(const member_slug&) override;
    std::vector<member_slug> asked() override;

private:
    statement find_;
    statement all_asked_;
    statement put_;
    statement remove_;
};

}  // namespace kommpass::idp::store::sql
