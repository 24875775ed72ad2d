#include "idp/admin/audit_search.hpp"

#include "config/vocabulary/utf8.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/newest_first.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"
#include "idp/audit/events.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <map>
#include <set>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

constexpr std::size_t bite = 1000;
constexpr std::size_t page_size = 100;
constexpr std::size_t shortest_purpose = 5;
constexpr std::size_t longest_purpose = 300;

bool is_of_event(const std::string& event, const std::string& wanted) {
    return wanted.empty() || event == wanted || event.starts_with(wanted + ".");
}

class matching {
public:
    matching(const actor& who, const policies::snapshot& registry, const audit_query& query)
        : who_(who), registry_(registry), query_(query) {}

    bool operator()(const store::audit_record& one) const {
        if (!query_.member.empty() && one.member != query_.member) return false;
        const bool visible = one.member.empty() ? who_.may_everywhere(operation::search_audit)
                                                : who_.may(operation::search_audit, one.member);
        if (!visible) return false;
        if (!query_.person.empty() && one.person != query_.person) return false;
        if (!is_of_event(one.event, query_.event)) return false;
        if (query_.until && one.at >= begin_of(*query_.until + std::chrono::days(1))) return false;
        if (query_.application.empty()) return true;
        const auto client = registry_.find_client(one.client.view());
        return client.owner != nullptr && client.owner->key == query_.application;
    }

private:
    const actor& who_;
    const policies::snapshot& registry_;
    const audit_query& query_;
};

}  // namespace

awaitable<answer<bool>> record_view(operation_context& at, const actor& who,
                                    const audit_query& query) {
    auto record = record_of(
        at, who.id(), audit::event::audit_viewed, "ok",
        {{"purpose", query.purpose}, {"of_member", query.member.view()}, {"event", query.event}});
    // Whose records are looked at stands there under the pseudonym; who looks, in the detail.
    record.person = query.person.empty() ? who.person() : query.person;
    record.member = query.member.empty() ? who.member() : query.member;
    auto write = [&record](store::transaction& t) { t.audit().append(record); };
    const auto written = co_await at.memory.write(write);
    if (!written) co_return store_silent();
    co_return true;
}

std::optional<refusal> wrong_purpose(const std::string& purpose) {
    if (utf8_length(purpose) < shortest_purpose) return invalid("purpose", "purpose_missing");
    if (utf8_length(purpose) > longest_purpose) return invalid("purpose", "purpose_too_long");
    return std::nullopt;
}

awaitable<answer<long long>> first_record_since(operation_context& at, instant since) {
    auto last = [](store::transaction& t) { return t.audit().last_link(); };
    const auto end = co_await at.memory.read(last);
    if (!end) co_return store_silent();
    long long low = 1;
    long long high = *end ? (*end)->sequence + 1 : 1;
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        auto look = [middle](store::transaction& t) { return t.audit().read(middle - 1, 1); };
        const auto found = co_await at.memory.read(look);
        if (!found) co_return store_silent();
        if (found->empty() || found->front().record.at >= since)
            high = middle;
        else
            low = middle + 1;
    }
    co_return low;
}

awaitable<answer<bool>> state_purpose(operation_context& at, const actor& who,
                                      std::string purpose) {
    if (auto no = wrong_purpose(purpose)) co_return *std::move(no);
    audit_query looking;
    looking.purpose = std::move(purpose);
    co_return co_await record_view(at, who, looking);
}

namespace {

// The member of the person whose records are asked for: theirs alone may be searched by name, and
// it is their log that says who looked. Empty: nobody is named, or somebody who is kept no more.
awaitable<answer<member_slug>> member_of_wanted(operation_context& at, const actor& who,
                                                const person_id& person) {
    if (person.empty()) co_return member_slug();
    auto find = [&person](store::transaction& t) { return t.persons().find(person); };
    const auto found = co_await at.memory.read(find);
    if (!found) co_return store_silent();
    const bool may = *found ? who.may(operation::search_audit, (*found)->member)
                            : who.may_everywhere(operation::search_audit);
    if (!may) co_return no_such_thing();
    co_return *found ? (*found)->member : member_slug();
}

}  // namespace

awaitable<answer<found_records>> search_audit(operation_context& at, const actor& who,
                                              audit_query query) {
    const bool may = query.member.empty() ? who.may_anywhere(operation::search_audit)
                                          : who.may(operation::search_audit, query.member);
    if (!may) co_return no_such_thing();
    if (auto no = wrong_purpose(query.purpose)) co_return *std::move(no);
    if (query.from && query.until && *query.until < *query.from)
        co_return invalid("until", "until_before_from");
    const auto of_person = co_await member_of_wanted(at, who, query.person);
    if (!of_person) co_return of_person.error();
    auto noted = query;
    if (noted.member.empty()) noted.member = *of_person;
    if (const auto recorded = co_await record_view(at, who, noted); !recorded)
        co_return recorded.error();

    const auto registry = at.registry.get();
    const matching matches(who, *registry, query);
    found_records page;
    bool is_over = false;  // older than what is asked for
    auto take = [&](store::stored_audit_record& one) {
        is_over = query.from && one.record.at < begin_of(*query.from);
        if (is_over) return look::enough;
        if (matches(one.record)) page.records.push_back(std::move(one));
        return page.records.size() == page_size ? look::enough : look::on;
    };
    const auto last = co_await read_newest_first(at, query.before, std::move(take));
    if (!last) co_return last.error();
    if (!is_over) page.next = last->value_or(0);
    co_return page;
}

awaitable<answer<std::vector<store::stored_audit_record>>> role_history(
    operation_context& at, const actor& who, const store::person& person) {
    constexpr std::size_t most_shown = 50;
    if (!who.may(operation::see_person, person.member)) co_return no_such_thing();
    std::vector<store::stored_audit_record> found;
    auto take = [&](store::stored_audit_record& one) {
        const auto& record = one.record;
        const bool about_roles = record.event.starts_with("grant.") ||
                                 record.event == "campaign.answered" ||
                                 record.event == "session.ended_all";
        if (record.person == person.id && record.member == person.member && about_roles)
            found.push_back(std::move(one));
        return found.size() == most_shown ? look::enough : look::on;
    };
    const auto last = co_await read_newest_first(at, 0, std::move(take));
    if (!last) co_return last.error();
    co_return found;
}

awaitable<answer<std::vector<usage_row>>> usage_report(operation_context& at, const actor& who,
                                                       std::string month) {
    if (!who.may_anywhere(operation::report_usage)) co_return no_such_thing();
    const auto first_day = month.size() == 7 ? parse_day(month + "-01") : std::nullopt;
    if (!first_day) co_return invalid("month", "must_be_month");
    const std::chrono::year_month_day date(*first_day);
    const day next_month(std::chrono::sys_days(
        (date.year() / date.month() + std::chrono::months(1)) / std::chrono::day(1)));
    const auto first = co_await first_record_since(at, begin_of(*first_day));
    if (!first) co_return first.error();
    const auto registry = at.registry.get();
    const auto over = begin_of(next_month);
    std::map<std::pair<member_slug, application_key>, std::set<std::string>> active;
    auto after = *first - 1;
    for (bool more = true; more;) {
        // As it is kept: an erased person still counts as one.
        auto read = [after](store::transaction& t) { return t.audit().read_chain(after, bite); };
        const auto records = co_await at.memory.read(read);
        if (!records) co_return store_silent();
        more = records->size() == bite;
        for (const auto& one : *records) {
            after = one.sequence;
            const auto& record = one.record;
            if (record.at >= over) {
                more = false;
                break;
            }
            const bool counts = record.event == "token.issued" ||
                                record.event == "authorization.granted" ||
                                record.event == "refresh_token.rotated";
            if (!counts || record.person.empty() || record.result != "ok") continue;
            if (!who.may(operation::report_usage, record.member)) continue;
            const auto client = registry->find_client(record.client.view());
            if (client.owner == nullptr) continue;
            active[{record.member, client.owner->key}].insert(record.person.str());
        }
    }
    std::vector<usage_row> rows;
    for (const auto& [key, persons] : active)
        rows.push_back({key.first, key.second, persons.size()});
    co_return rows;
}

std::string usage_csv(const std::vector<usage_row>& rows) {
    std::string text = "member,application,active_persons\r\n";
    for (const auto& row : rows) {
        text += row.member.str() + "," + row.application.str() + "," + std::to_string(row.persons) +
                "\r\n";
    }
    return text;
}

}  // namespace kommpass::idp::admin
