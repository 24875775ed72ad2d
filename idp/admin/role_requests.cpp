#include "idp/admin/role_requests.hpp"

#include "idp/admin/actor.hpp"
#include "idp/admin/daily_count.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include "idp/admin/persons.hpp"
#include "idp/audit/events.hpp"
#include "idp/store/person.hpp"
#include "policies/role_catalogue.hpp"
#include "policies/validation.hpp"

#include <algorithm>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;
using policies::grant_state;

constexpr std::size_t most_waiting = 5;
constexpr unsigned most_a_day = 20;
constexpr auto refusals_are_shown_for = std::chrono::days(30);
constexpr std::size_t most_refusals = 1000;

bool is_requestable(const policies::snapshot& registry, const role_name& name,
                    const member_slug& member) {
    const auto key = policies::application_of(name);
    const auto* application = registry.find_application(key);
    return application != nullptr && offers_requests(*application) &&
           registry.is_subscribed(member, key) &&
           !policies::is_association_only(registry.documents(), name);
}

std::optional<refusal> too_many(const policies::snapshot& registry,
                                const policies::evaluated_person& person) {
    const auto& all = registry.documents().grants;
    const auto waiting = std::count_if(all.begin(), all.end(), [&](const auto& one) {
        return one.second.asked_by == person.id.str() && one.second.state == grant_state::requested;
    });
    if (static_cast<std::size_t>(waiting) < most_waiting) return std::nullopt;
    return invalid("role", "too_many_requests");
}

std::vector<refused_request> refusals_for(const std::vector<store::stored_audit_record>& records,
                                          const person_id& person) {
    std::vector<refused_request> mine;
    for (const auto& one : records) {
        const auto& detail = one.record.detail_json;
        const auto about = [&](const char* name) { return audit::detail_text(detail, name); };
        if (one.record.person != person && about("asked_by") != person.str()) continue;
        mine.push_back({role_name(about("role")), about("why"), local_day_of(one.record.at)});
    }
    return mine;
}

awaitable<bool> may_ask_again(operation_context& at, const policies::evaluated_person& person) {
    auto who = "role requests " + person.id.str();
    co_return co_await at.role_requests.take(at.memory, std::move(who), at.today(), most_a_day,
                                             at.time.now());
}

}  // namespace

// Rights in Kommpass itself are not asked for by whoever wants them.
bool offers_requests(const policies::application& one) { return one.key.view() != "fed"; }

requestable_roles requestable_by(const policies::snapshot& registry,
                                 const policies::evaluated_person& person) {
    requestable_roles all;
    auto held = registry.evaluate(person).roles;
    const auto& member = person.who.member;
    for (const auto& [key, application] : registry.documents().applications) {
        for (const auto& role : application.roles) {
            const bool has = std::any_of(held.begin(), held.end(),
                                         [&](const auto& one) { return one.name == role.name; });
            if (!has && is_requestable(registry, role.name, member))
                all.missing.push_back(role.name);
        }
    }
    for (auto& one : held) {
        if (is_requestable(registry, one.name, member)) all.held.push_back(std::move(one));
    }
    return all;
}

awaitable<answer<made_grant>> ask_for_role(operation_context& at,
                                           const policies::evaluated_person& person,
                                           role_request wanted) {
    const auto registry = at.registry.get();
    if (auto no = too_many(*registry, person)) co_return *std::move(no);
    const auto roles = requestable_by(*registry, person);
    grant_request asked{person.who.member,        person.id,   wanted.role, {},
                        std::move(wanted.reason), wanted.from, wanted.until};
    if (wanted.deputy) {
        const auto own = std::find_if(roles.held.begin(), roles.held.end(),
                                      [&](const auto& one) { return one.name == wanted.role; });
        if (own == roles.held.end()) co_return invalid("role", "unknown_role");
        if (!asked.until) co_return invalid("until", "until_missing");
        if (own->for_members != std::vector{person.who.member})
            asked.for_members = own->for_members;
    } else if (std::find(roles.missing.begin(), roles.missing.end(), wanted.role) ==
               roles.missing.end()) {
        co_return invalid("role", "unknown_role");
    }
    if (!co_await may_ask_again(at, person)) co_return invalid("role", "too_many_requests");
    if (wanted.deputy) {
        const auto colleague =
            co_await find_colleague(at, person.who.member, *std::move(wanted.deputy));
        if (!colleague) {
            auto no = colleague.error();
            if (no.field == "user_name") no.field = "deputy";
            co_return no;
        }
        if (colleague->id == person.id) co_return invalid("deputy", "own_deputy");
        asked.person = colleague->id;
        asked.deputy_of = person.id;
    }
    const auto who = actor::of_employee(person);
    co_return co_await request_grant(at, who, std::move(asked));
}

awaitable<answer<long long>> take_back(operation_context& at,
                                       const policies::evaluated_person& person, std::string id) {
    if (!co_await may_ask_again(at, person)) co_return invalid("role", "too_many_requests");
    const auto who = actor::of_employee(person);
    std::string why = "zurückgenommen";
    co_return co_await end_grant(at, who, std::move(id), std::move(why));
}

awaitable<answer<own_requests>> requests_of(operation_context& at,
                                            const policies::evaluated_person& person) {
    own_requests mine;
    const auto registry = at.registry.get();
    for (const auto& [id, one] : registry->documents().grants) {
        if (one.person != person.id && one.deputy_of != person.id) continue;
        if (one.state == grant_state::requested)
            mine.waiting.push_back(one);
        else if (one.deputy_of == person.id && (!one.until || *one.until >= at.today()))
            mine.deputies.push_back(one);
    }
    const auto since = at.time.now() - refusals_are_shown_for;
    auto read = [since](store::transaction& t) {
        return t.audit().refused_requests(since, most_refusals);
    };
    const auto records = co_await at.memory.read(read);
    if (!records) co_return store_silent();
    mine.refused = refusals_for(*records, person.id);
    co_return mine;
}

}  // namespace kommpass::idp::admin
