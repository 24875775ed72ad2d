// "Who had access on 3 March?"
#include "idp/admin/audit_search.hpp"
#include "idp/admin/everybody.hpp"
#include "idp/admin/jobs.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/run_job.hpp"
#include "idp/registry/revisions.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/revisions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/tasks/run_on.hpp"
#include "policies/registry_files.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;
using outcome = answer<job_result>;

constexpr std::size_t revisions_at_once = 200;
constexpr std::size_t bite = 2000;

// The revision in force at the end of the day; 0: there was none yet.
awaitable<answer<long long>> revision_of(operation_context& at, instant end) {
    auto before = std::numeric_limits<long long>::max();
    for (;;) {
        auto read = [before](store::transaction& t) {
            return t.revisions().history_before(before, revisions_at_once);
        };
        const auto page = co_await at.memory.read(read);
        if (!page) co_return store_silent();
        for (const auto& one : *page) {
            if (one.at < end) co_return one.number;
            before = one.number;
        }
        if (page->size() < revisions_at_once) co_return 0;
    }
}

awaitable<answer<policies::snapshot_ptr>> registry_of(operation_context& at, long long number) {
    auto read = [number](store::transaction& t) { return t.revisions().find(number); };
    const auto found = co_await at.memory.read(read);
    if (!found || !*found) co_return store_silent();
    auto work = [&]() -> answer<policies::snapshot_ptr> {
        auto documents = policies::from_json((*found)->documents_json);
        if (!documents) return invalid("day", "registry_invalid", {documents.error()});
        auto compiled = policies::compile_stored(std::move(*documents), number);
        if (!compiled)
            return invalid("day", "registry_invalid", {compiled.error().front().to_string()});
        return std::move(*compiled);
    };
    co_return co_await tasks::run_on(at.computing, std::move(work), at.whose);
}

bool is_client_of(const policies::application& application, const client_id& id) {
    return std::any_of(application.clients.begin(), application.clients.end(),
                       [&](const policies::client& one) { return one.id == id; });
}

// Persons of the member to whom the application's clients were opened on that day.
awaitable<answer<std::set<std::string>>> users_on(operation_context& at, const past_question& asked,
                                                  const policies::application& application,
                                                  instant from, instant until) {
    const auto first = co_await first_record_since(at, from);
    if (!first) co_return first.error();
    std::set<std::string> persons;
    auto after = *first - 1;
    for (;;) {
        auto read = [after](store::transaction& t) { return t.audit().read(after, bite); };
        const auto records = co_await at.memory.read(read);
        if (!records) co_return store_silent();
        for (const auto& one : *records) {
            after = one.sequence;
            const auto& record = one.record;
            if (record.at >= until) co_return persons;
            const bool used =
                record.result == "ok" && record.member == asked.member &&
                (record.event == "authorization.granted" || record.event == "token.issued" ||
                 record.event == "refresh_token.rotated");
            if (used && !record.person.empty() && is_client_of(application, record.client))
                persons.insert(record.person.str());
        }
        if (records->size() < bite) co_return persons;
    }
}

bool answers_question(const policies::effective_role& role, const past_question& asked) {
    if (!asked.role.empty()) return role.name == asked.role;
    return role.name.view().starts_with(asked.application.str() + ".");
}

awaitable<outcome> look_back(std::shared_ptr<job_context> place, past_question asked,
                             progress told) {
    auto& at = place->at;
    const auto from = begin_of(*asked.day);
    const auto until = begin_of(*asked.day + std::chrono::days(1));
    const auto number = co_await revision_of(at, until);
    if (!number) co_return number.error();
    if (*number == 0) co_return invalid("day", "before_first_revision");
    const auto registry = co_await registry_of(at, *number);
    if (!registry) co_return registry.error();
    const auto* application = (*registry)->find_application(asked.application);
    if (application == nullptr || (*registry)->find_member(asked.member) == nullptr)
        co_return invalid("day", "not_there_then");
    if (at.registry.get()->find_active_member(asked.member) == nullptr)
        co_return invalid("member", "not_set_up");
    auto used = co_await users_on(at, asked, *application, from, until);
    if (!used) co_return used.error();

    past_access made{
        asked.member, asked.application, asked.role, *asked.day, *registry, {}, {}, {}, {}};
    policies::parsed_groups parsed;
    std::size_t seen = 0;
    const bool booked = (*registry)->is_subscribed(asked.member, asked.application);
    take_person take = [&](const identity& who, const person_id& id, std::size_t of) {
        auto roles = (*registry)->evaluate({who, id, *asked.day}, &parsed);
        std::erase_if(roles.roles,
                      [&](const auto& role) { return !booked || !answers_question(role, asked); });
        const bool came = used->erase(id.str()) > 0;
        if (!roles.roles.empty() || (came && asked.role.empty()))
            made.holders.push_back({id, who.login_name, who.display_name, std::move(roles), came});
        return told(++seen, of);
    };
    auto came = co_await read_who_comes(at, asked.member, std::move(take));
    if (!came) co_return came.error();
    made.came = std::move(*came);
    (made.came.everybody() ? made.gone : made.unanswered).assign(used->begin(), used->end());
    co_return job_result(std::move(made));
}

}  // namespace

begun begin_past_access(operation_context at, actor who, past_question asked) {
    const auto registry = at.registry.get();
    if (registry->find_active_member(asked.member) == nullptr ||
        !who.may(operation::search_audit, asked.member))
        co_return no_such_thing();
    if (!asked.day) co_return invalid("day", "date_missing");
    if (*asked.day > at.today()) co_return invalid("day", "date_in_the_future");
    if (auto no = wrong_purpose(asked.purpose)) co_return *std::move(no);
    audit_query looking;
    looking.purpose = asked.purpose;
    looking.member = asked.member;
    looking.application = asked.application;
    looking.from = asked.day;
    looking.until = asked.day;
    auto place = std::make_shared<job_context>(job_context{std::move(at), std::move(who)});
    if (const auto noted = co_await record_view(place->at, place->who, looking); !noted)
        co_return noted.error();
    auto running =
        place->at.running.begin(place->who, {"past-access", operation::search_audit, asked.member});
    if (!running) co_return too_many_jobs();
    auto work = [place, asked = std::move(asked)](progress told) {
        return look_back(place, asked, std::move(told));
    };
    co_await spawn_job(running, std::move(work));
    co_return running;
}

}  // namespace kommpass::idp::admin
