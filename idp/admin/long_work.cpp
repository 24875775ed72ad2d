#include "idp/admin/long_work.hpp"
#include "idp/admin/campaigns.hpp"
#include "idp/admin/role_holders.hpp"

#include "idp/admin/effects.hpp"
#include "idp/admin/persons.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/run_job.hpp"

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;
using outcome = answer<job_result>;

awaitable<outcome> simulate(std::shared_ptr<job_context> place, drafted draft, progress told) {
    const auto whom =
        concerned_by(draft.before->documents(), draft.after->documents(), draft.documents);
    std::set<member_slug> members = whom.members;
    for (const auto& [member, person] : whom.persons) members.insert(member);
    // Taking a mapping away concerns the same people as giving it.
    for (const auto& one : draft.documents) {
        if (one.member) members.insert(*one.member);
        if (!one.member && one.kind != policies::document_kind::subscription) {
            for (const auto& [slug, document] : draft.after->documents().members)
                members.insert(slug);
        }
    }
    std::erase_if(members, [&](const member_slug& slug) {
        return !place->who.may(operation::simulate, slug) ||
               draft.after->find_active_member(slug) == nullptr;
    });
    const std::vector<member_slug> list(members.begin(), members.end());
    auto effects = co_await effects_of(place->at, draft.before, draft.after, list, std::move(told));
    if (!effects) co_return effects.error();
    simulated_change made{draft.before->revision(), std::move(*effects)};
    co_return job_result(std::move(made));
}

// Whose rule is tried. One for all members is the association's.
member_slug owner_of(const drafted& draft, const actor& who) {
    if (draft.documents.empty()) return who.member();
    return draft.documents.front().member.value_or(member_slug());
}

member_slug asked_of(const campaign_request& wanted, const actor& who) {
    return wanted.members.empty() ? who.member() : wanted.members.front();
}

}  // namespace

begun begin_simulation(operation_context at, actor who, registry_change change) {
    auto place = std::make_shared<job_context>(job_context{std::move(at), std::move(who)});
    change.as_if_approved = true;
    auto draft = co_await draft_registry(place->at, place->who, std::move(change));
    if (!draft) co_return draft.error();
    auto running = place->at.running.begin(
        place->who, {"simulation", operation::simulate, owner_of(*draft, place->who)});
    if (!running) co_return too_many_jobs();
    auto work = [place, made = std::move(*draft)](progress told) {
        return simulate(place, made, std::move(told));
    };
    co_await spawn_job(running, std::move(work));
    co_return running;
}

namespace {

awaitable<outcome> matrix(std::shared_ptr<job_context> place, member_slug member, progress told) {
    auto holders = co_await role_holders(place->at, place->who, member, std::move(told));
    if (!holders) co_return holders.error();
    role_matrix made{member, place->at.registry.get(), std::move(holders->holders),
                     std::move(holders->came)};
    co_return job_result(std::move(made));
}

awaitable<outcome> campaign(std::shared_ptr<job_context> place, campaign_request wanted,
                            progress told) {
    auto id = co_await start_campaign(place->at, place->who, std::move(wanted), std::move(told));
    if (!id) co_return id.error();
    begun_campaign made{std::move(*id)};
    co_return job_result(std::move(made));
}

}  // namespace

begun begin_role_matrix(operation_context at, actor who, member_slug member) {
    const auto registry = at.registry.get();
    if (registry->find_member(member) == nullptr || !who.may(operation::see_roles, member)) {
        co_return no_such_thing();
    }
    if (registry->find_active_member(member) == nullptr) co_return invalid("member", "not_set_up");
    auto place = std::make_shared<job_context>(job_context{std::move(at), std::move(who)});
    auto running = place->at.running.begin(place->who, {"roles", operation::see_roles, member});
    if (!running) co_return too_many_jobs();
    auto work = [place, member](progress told) { return matrix(place, member, std::move(told)); };
    co_await spawn_job(running, std::move(work));
    co_return running;
}

begun begin_campaign(operation_context at, actor who, campaign_request wanted) {
    if (auto no = judge_campaign(at, who, wanted)) co_return *std::move(no);
    auto place = std::make_shared<job_context>(job_context{std::move(at), std::move(who)});
    auto running = place->at.running.begin(
        place->who, {"campaign", operation::start_campaign, asked_of(wanted, place->who)});
    if (!running) co_return too_many_jobs();
    auto work = [place, wanted = std::move(wanted)](progress told) {
        return campaign(place, wanted, std::move(told));
    };
    co_await spawn_job(running, std::move(work));
    co_return running;
}

}  // namespace kommpass::idp::admin
