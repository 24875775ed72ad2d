#pragma once

#include "idp/store/campaigns.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class campaigns final : public campaign_store {
public:
    explicit campaigns(database& on);
    void put(const campaign&, const std::vector<campaign_item>&) override;
    std::optional<campaign> find(std::string_view id) override;
    std::vector<campaign> all() override;
    std::vector<campaign_progress> progress(std::string_view id) override;
    std::vector<campaign_item> items(std::string_view id, const member_slug&, long long after,
                                     std::size_t limit) override;
    std::optional<campaign_item> item(long long number) override;
    std::vector<campaign_item> unanswered(std::string_view id) override;
    bool answer(long long number, std::string_view answer, std::string_view by,
                instant at) override;
    void close(std::string_view id, instant at) override;
    void erase_person(const person_id&) override;

private:
    statement put_;
    statement put_item_;
    statement find_;
    statement all_;
    statement progress_;
    statement items_;
    statement item_;
    statement unanswered_;
    statement answer_;
    statement close_;
    statement erase_person_;
};

}  // namespace kommpass::idp::store::sql
