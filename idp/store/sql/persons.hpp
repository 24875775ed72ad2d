#pragma once

#include "idp/store/persons.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class persons final : public person_store {
public:
    explicit persons(database& on);
    person ensure(const member_slug&, const directory_id&, const person_id& candidate,
                  instant now) override;
    std::optional<person> find(const person_id&) override;
    std::optional<person> find(const member_slug&, const directory_id&) override;
    std::vector<person> of_member(const member_slug&) override;
    std::vector<person> with_live_access(const member_slug&, instant now) override;
    std::vector<member_slug> members_with_live_access(instant now) override;
    void remember_ties(const person_id&, const std::vector<person_tie>&) override;
    std::vector<std::pair<person_id, std::string>> ties_of_member(
        const member_slug&, std::string_view attribute) override;
    void erase(const person_id&) override;
    bool retie(const person_id&, const directory_id&) override;

private:
    statement insert_;
    statement by_id_;
    statement by_directory_;
    statement of_member_;
    statement live_;
    statement live_members_;
    statement tie_;
    statement put_tie_;
    statement ties_;
    statement retie_person_;
    statement retie_sessions_;
    statement retie_codes_;
    statement retie_families_;
    statement erase_session_clients_;
    statement erase_sessions_;
    statement erase_codes_;
    statement erase_families_;
    statement erase_consents_;
    statement erase_ties_;
    statement erase_person_;
};

}  // namespace kommpass::idp::store::sql
