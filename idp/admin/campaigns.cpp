#include "idp/admin/campaigns.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "config/vocabulary/randomness.hpp"
#include "config/vocabulary/utf8.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/everybody.hpp"
#include "idp/admin/grants.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/persons.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/rights.hpp"
#include "idp/audit/events.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/sessions/person_ids.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/campaigns.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/record_id.hpp"
#include "idp/store/revisions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <algorithm>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

// Persons whom nobody has met yet get an id, so that the review can name them.
struct gathered {
    std::vector<store::campaign_item> items;
};

awaitable<answer<gathered>> holdings_of(operation_context& at, member_slug member, progress told) {
    struct holding {
        directory_id directory;
        policies::evaluation roles;
    };
    const auto registry = at.registry.get();
    std::vector<holding> all;
    policies::parsed_groups parsed;
    std::size_t seen = 0;
    take_person take = [&](const identity& who, const person_id& id, std::size_t of) {
        auto roles = registry->evaluate({who, id, at.today()}, &parsed);
        if (!roles.roles.empty()) all.push_back({who.id, std::move(roles)});
        return told(++seen, of);
    };
    // A review that leaves people out would confirm what it never showed.
    const auto everybody = co_await read_everybody(at, member, std::move(take));
    if (!everybody) co_return everybody.error();

    const auto now = at.time.now();
    const auto keys = at.keys.get();
    gathered made;
    constexpr std::size_t bite = 200;
    for (std::size_t first = 0; first < all.size(); first += bite) {
        const auto last = std::min(all.size(), first + bite);
        auto ensure = [&](store::transaction& t) {
            std::vector<person_id> ids;
            for (auto i = first; i < last; ++i)
                ids.push_back(
                    sessions::person_of_entry(t, *keys, member, all[i].directory, now).id);
            return ids;
        };
        const auto ids = co_await at.memory.write(ensure);
        if (!ids) co_return store_silent();
        for (auto i = first; i < last; ++i) {
            for (const auto& role : all[i].roles.roles) {
                store::campaign_item item;
                item.member = member;
                item.person = (*ids)[i - first];
                item.role = role.name;
                for (const auto& why : role.because) item.documents.push_back(why.document());
                made.items.push_back(std::move(item));
            }
        }
    }
    co_return made;
}

std::vector<member_slug> members_for(const operation_context& at, const actor& who,
                                     const std::vector<member_slug>& wanted) {
    if (!wanted.empty()) return wanted;
    std::vector<member_slug> all;
    const auto registry = at.registry.get();
    for (const auto& [slug, one] : registry->documents().members) {
        if (who.may(operation::start_campaign, slug)) all.push_back(slug);
    }
    return all;
}

}  // namespace

std::optional<refusal> judge_campaign(const operation_context& at, const actor& who,
                                      const campaign_request& wanted) {
    const auto members = members_for(at, who, wanted.members);
    if (members.empty()) return no_such_thing();
    const auto registry = at.registry.get();
    for (const auto& member : members) {
        if (registry->find_member(member) == nullptr || !who.may(operation::start_campaign, member))
            return no_such_thing();
    }
    if (wanted.title.empty()) return invalid("title", "title_missing");
    if (utf8_length(wanted.title) > 200) return invalid("title", "title_too_long");
    if (!wanted.due) return invalid("due", "date_missing");
    if (*wanted.due <= at.today()) return invalid("due", "date_in_the_past");
    return std::nullopt;
}

awaitable<answer<std::string>> start_campaign(operation_context& at, const actor& who,
                                              campaign_request wanted, progress told) {
    if (auto no = judge_campaign(at, who, wanted)) co_return *std::move(no);
    const auto members = members_for(at, who, wanted.members);
    std::vector<store::campaign_item> items;
    std::size_t done = 0;
    const auto registry = at.registry.get();
    for (const auto& member : members) {
        // Whose directory is still being set up has nobody.
        if (registry->find_active_member(member) == nullptr) continue;
        progress sum = [&, before = done](std::size_t now, std::size_t of) {
            done = before + now;
            return told(done, before + of);
        };
        auto found = co_await holdings_of(at, member, std::move(sum));
        if (!found) co_return found.error();
        std::move(found->items.begin(), found->items.end(), std::back_inserter(items));
    }
    store::campaign made;
    made.id = lower_case(store::new_record_id(at.random, at.time.now()));
    made.title = wanted.title;
    made.started_by = who.id();
    made.started_at = at.time.now();
    made.due_at = begin_of(*wanted.due + std::chrono::days(1));
    made.ends_unanswered = wanted.ends_unanswered;
    auto record = record_of(
        at, who.id(), audit::event::campaign_started, "ok",
        {{"campaign", made.id}, {"title", made.title}, {"items", std::to_string(items.size())}});
    record.person = who.person();
    if (members.size() == 1) record.member = members.front();
    auto write = [&](store::transaction& t) {
        t.campaigns().put(made, items);
        t.audit().append(record);
    };
    const auto written = co_await at.memory.write(write);
    if (!written) co_return store_silent();
    co_return made.id;
}

awaitable<answer<std::vector<campaign_view>>> list_campaigns(operation_context& at,
                                                             const actor& who) {
    if (!who.may_anywhere(operation::see_campaign)) co_return no_such_thing();
    auto read = [](store::transaction& t) {
        std::vector<campaign_view> all;
        for (auto& one : t.campaigns().all()) {
            auto counted = t.campaigns().progress(one.id);
            all.push_back({std::move(one), std::move(counted)});
        }
        return all;
    };
    auto all = co_await at.memory.read(read);
    if (!all) co_return store_silent();
    for (auto& one : *all) {
        std::erase_if(one.progress, [&](const store::campaign_progress& of) {
            return !who.may(operation::see_campaign, of.member);
        });
    }
    std::erase_if(*all, [](const campaign_view& one) { return one.progress.empty(); });
    co_return std::move(*all);
}

awaitable<answer<campaign_page>> campaign_items(operation_context& at, const actor& who,
                                                std::string id, member_slug member, long long after,
                                                std::size_t limit) {
    if (!who.may(operation::see_campaign, member)) co_return no_such_thing();
    auto read = [&](store::transaction& t) -> std::optional<campaign_page> {
        auto found = t.campaigns().find(id);
        if (!found) return std::nullopt;
        // A review that asks nothing of this member is none of theirs, its title neither.
        const auto asked = t.campaigns().progress(id);
        if (std::none_of(asked.begin(), asked.end(),
                         [&](const store::campaign_progress& of) { return of.member == member; }))
            return std::nullopt;
        return campaign_page{*found, t.campaigns().items(id, member, after, limit + 1)};
    };
    auto page = co_await at.memory.read(read);
    if (!page) co_return store_silent();
    if (!*page) co_return no_such_thing();
    auto& made = **page;
    made.more = made.items.size() > limit;
    if (made.more) made.items.resize(limit);
    made.registry = at.registry.get();
    for (const auto& one : made.items)
        made.versions.push_back(version_of(made.registry->documents(), one));
    co_return std::move(made);
}

namespace {

struct open_item {
    store::campaign_item item;
    store::campaign of;
};

// One that the actor may answer now; of the campaign `wanted`, if one is named.
awaitable<answer<open_item>> find_open(operation_context& at, const actor& who, std::string wanted,
                                       long long number) {
    auto read = [number](store::transaction& t) {
        auto item = t.campaigns().item(number);
        auto of = item ? t.campaigns().find(item->campaign) : std::nullopt;
        return std::pair(std::move(item), std::move(of));
    };
    const auto found = co_await at.memory.read(read);
    if (!found) co_return store_silent();
    const auto& [item, of] = *found;
    if (!item || !of || !who.may(operation::answer_campaign, item->member))
        co_return no_such_thing();
    if (!wanted.empty() && wanted != item->campaign) co_return no_such_thing();
    if (of->closed_at != instant{}) co_return invalid("number", "campaign_closed");
    if (!item->answer.empty()) co_return invalid("number", "answered_already");
    co_return open_item{*item, *of};
}

// A confirmation is for what the rules were in this revision; an end makes one of its own.
awaitable<answer<bool>> write_answer(operation_context& at, const actor& who, const open_item& open,
                                     bool confirm, long long in_revision) {
    const auto& item = open.item;
    if (!confirm) {
        const auto why = "Prüfung „" + open.of.title + "“";
        auto ended = co_await end_role(at, who, item.member, item.person, item.role, why);
        if (!ended) co_return ended.error();
    }
    auto record =
        record_of(at, who.id(), audit::event::campaign_answered, confirm ? "confirmed" : "ended",
                  {{"campaign", item.campaign}, {"role", item.role.view()}});
    record.member = item.member;
    record.person = item.person;
    const auto now = at.time.now();
    auto write = [&](store::transaction& t) -> std::optional<refusal> {
        if (confirm && t.revisions().latest_number() != in_revision)
            return refusal{refusal::reason::stale, "stale", {}, {}};
        if (!t.campaigns().answer(item.number, confirm ? "confirmed" : "ended", who.id(), now))
            return invalid("number", "answered_already");
        t.audit().append(record);
        return std::nullopt;
    };
    auto written = co_await at.memory.write(write);
    if (!written) co_return store_silent();
    if (*written) co_return **std::move(written);
    co_return true;
}

}  // namespace

awaitable<answer<bool>> answer_item(operation_context& at, const actor& who, std::string wanted,
                                    long long number, bool confirm, shown_digest shown) {
    const auto open = co_await find_open(at, who, std::move(wanted), number);
    if (!open) co_return open.error();
    if (open->item.person == who.person()) co_return forbidden("own_person");
    const auto newest = co_await newest_registry(at);
    if (!newest) co_return newest.error();
    const auto now = version_of((*newest)->documents(), open->item);
    if (auto no = judge_shown(now, shown)) co_return *std::move(no);
    co_return co_await write_answer(at, who, *open, confirm, (*newest)->revision());
}

awaitable<answer<std::size_t>> close_due_campaigns(operation_context& at) {
    const auto now = at.time.now();
    auto due = [now](store::transaction& t) {
        auto all = t.campaigns().all();
        std::erase_if(all, [&](const store::campaign& one) {
            return one.closed_at != instant{} || now < one.due_at;
        });
        return all;
    };
    const auto campaigns = co_await at.memory.read(due);
    if (!campaigns) co_return store_silent();
    std::size_t ended = 0;
    const auto service = actor::of_host("host:campaign");
    for (const auto& one : *campaigns) {
        if (one.ends_unanswered) {
            auto open = [&one](store::transaction& t) { return t.campaigns().unanswered(one.id); };
            const auto items = co_await at.memory.read(open);
            if (!items) co_return store_silent();
            for (const auto& item : *items) {
                const open_item unanswered{item, one};
                const auto done = co_await write_answer(at, service, unanswered, false, 0);
                if (!done) co_return done.error();
                ++ended;
            }
        }
        const auto record = record_of(at, service.id(), audit::event::campaign_closed, "ok",
                                      {{"campaign", one.id}, {"ended", std::to_string(ended)}});
        auto close = [&](store::transaction& t) {
            t.campaigns().close(one.id, now);
            t.audit().append(record);
        };
        if (!co_await at.memory.write(close)) co_return store_silent();
    }
    co_return ended;
}

}  // namespace kommpass::idp::admin
