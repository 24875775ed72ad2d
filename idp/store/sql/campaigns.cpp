#include "idp/store/sql/campaigns.hpp"

#define CAMPAIGN \
    "SELECT id, title, started_by, started_at, due_at, ends_unanswered, closed_at FROM campaign "
#define ITEM                                                                         \
    "SELECT number, campaign, member, person, role, documents, answer, answered_by," \
    " answered_at FROM campaign_item "

namespace kommpass::idp::store::sql {
namespace {

std::vector<campaign> campaigns_of(rows answer) {
    std::vector<campaign> all;
    while (answer.next()) {
        auto& c = all.emplace_back();
        answer.read(c.id, c.title, c.started_by, c.started_at, c.due_at, c.ends_unanswered,
                    c.closed_at);
    }
    return all;
}

std::vector<campaign_item> items_of(rows answer) {
    std::vector<campaign_item> all;
    while (answer.next()) {
        auto& i = all.emplace_back();
        answer.read(i.number, i.campaign, i.member, i.person, i.role, i.documents, i.answer,
                    i.answered_by, i.answered_at);
    }
    return all;
}

}  // namespace

campaigns::campaigns(database& on)
    : put_(on,
           "INSERT INTO campaign (id, title, started_by, started_at, due_at, ends_unanswered,"
           " closed_at) VALUES (?,?,?,?,?,?,?)"),
      put_item_(on,
                "INSERT INTO campaign_item (campaign, member, person, role, documents)"
                " VALUES (?,?,?,?,?)"),
      find_(on, CAMPAIGN "WHERE id = ?"),
      all_(on, CAMPAIGN "ORDER BY started_at DESC"),
      progress_(on,
                "SELECT member, count(*), count(*) FILTER (WHERE answer <> '') FROM campaign_item "
                "WHERE campaign = ?"
                " GROUP BY member ORDER BY member"),
      items_(on, ITEM "WHERE campaign = ? AND member = ? AND number > ? ORDER BY number LIMIT ?"),
      item_(on, ITEM "WHERE number = ?"),
      unanswered_(on, ITEM "WHERE campaign = ? AND answer = '' ORDER BY number"),
      answer_(on,
              "UPDATE campaign_item SET answer = ?, answered_by = ?, answered_at = ?"
              " WHERE number = ? AND answer = ''"),
      close_(on, "UPDATE campaign SET closed_at = ? WHERE id = ?"),
      erase_person_(on, "DELETE FROM campaign_item WHERE person = ?") {}

void campaigns::put(const campaign& c, const std::vector<campaign_item>& items) {
    put_.send(c.id, c.title, c.started_by, c.started_at, c.due_at,
              static_cast<long long>(c.ends_unanswered), c.closed_at);
    for (const auto& one : items)
        put_item_.send(c.id, one.member, one.person, one.role, one.documents);
}

std::optional<campaign> campaigns::find(std::string_view id) {
    auto found = campaigns_of(find_.query(id));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<campaign> campaigns::all() { return campaigns_of(all_.query()); }

std::vector<campaign_progress> campaigns::progress(std::string_view id) {
    std::vector<campaign_progress> all;
    auto answer = progress_.query(id);
    while (answer.next()) {
        auto& one = all.emplace_back();
        answer.read(one.member, one.items, one.answered);
    }
    return all;
}

std::vector<campaign_item> campaigns::items(std::string_view id, const member_slug& member,
                                            long long after, std::size_t limit) {
    return items_of(items_.query(id, member, after, static_cast<long long>(limit)));
}

std::optional<campaign_item> campaigns::item(long long number) {
    auto found = items_of(item_.query(number));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<campaign_item> campaigns::unanswered(std::string_view id) {
    return items_of(unanswered_.query(id));
}

bool campaigns::answer(long long number, std::string_view answer, std::string_view by, instant at) {
    return answer_.run(answer, by, at, number) > 0;
}

void campaigns::close(std::string_view id, instant at) { close_.send(at, id); }

void campaigns::erase_person(const person_id& person) { erase_person_.send(person); }

}  // namespace kommpass::idp::store::sql
