#include "idp/admin/directory_approval.hpp"

#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/utf8.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/repointing.hpp"
#include "idp/admin/rights.hpp"
#include "idp/audit/events.hpp"
#include "idp/jose/hash.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/set_ups.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <algorithm>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

store::audit_record record_for(const operation_context& at, const actor& who, audit::event kind,
                               const member_slug& member, const std::string& asked_by,
                               const std::string& why) {
    auto record = record_of(at, who.id(), kind, "ok", {{"asked_by", asked_by}, {"why", why}});
    record.person = who.person();
    record.member = member;
    return record;
}

bool is_central(const actor& who) { return who.may_everywhere(operation::change_member); }

}  // namespace

document_version version_of_change(const set_up_view& view) {
    auto made = version_of(view.draft);
    // What it replaces and who asked belong to it: an approval of something else is none.
    const auto whole =
        made.digest + "\n" + version_of(view.in_force).digest + "\n" + view.asked_by + "\n" +
        std::to_string(view.asked_at.time_since_epoch().count()) + "\n" + view.asked_why;
    made.digest = base64url::encode(jose::sha256(whole));
    return made;
}

store::audit_record refusal_of_change(const operation_context& at, const actor& who,
                                      const member_slug& member, const std::string& asked_by) {
    return record_for(at, who, audit::event::directory_change_refused, member, asked_by, {});
}

awaitable<answer<bool>> needs_second_person(operation_context& at, const actor& who,
                                            const set_up_view& view) {
    if (who.is_host()) co_return false;
    const auto& in_force = view.in_force;
    if (in_force.active) co_return repoints(in_force.directory, view.draft.directory);
    auto look = [&](store::transaction& t) {
        return !t.persons().of_member(in_force.slug).empty();
    };
    const auto has_people = co_await at.memory.read(look);
    if (!has_people) co_return store_silent();
    co_return *has_people;
}

awaitable<answer<bool>> ask_second_person(operation_context& at, const actor& who,
                                          const set_up_view& view, std::string why) {
    if (view.tested_at == instant{}) co_return invalid({}, "test_first");
    if (why.empty()) co_return invalid("why", "reason_missing");
    if (utf8_length(why) > 500) co_return invalid("why", "reason_too_long");
    if (view.in_force.association && !is_central(who)) co_return forbidden("association_only");
    const auto member = view.draft.slug;
    const auto record =
        record_for(at, who, audit::event::directory_change_requested, member, who.id(), why);
    auto write = [&](store::transaction& t) {
        auto kept = t.set_ups().find(member);
        // Somebody went on entering, or asked, while this was on its way.
        if (!kept || kept->changed_at != view.changed_at || kept->tested_at != view.tested_at ||
            kept->asked_by != view.asked_by)
            return false;
        kept->asked_by = who.id();
        kept->asked_at = at.time.now();
        kept->asked_why = why;
        kept->asked_centrally = is_central(who);
        t.set_ups().put(*kept);
        t.audit().append(record);
        return true;
    };
    const auto written = co_await at.memory.write(write);
    if (!written) co_return store_silent();
    if (!*written) co_return refusal{refusal::reason::stale, "stale", {}, {}};
    co_return true;
}

std::optional<refusal> judge_second_person(const actor& who, const set_up_view& view) {
    if (!who.may(operation::set_up_directory, view.in_force.slug)) return no_such_thing();
    if (view.asked_by.empty()) return invalid("member", "nothing_to_approve");
    if (view.asked_by == who.id()) return forbidden("own_request");
    if (who.is_invited()) return forbidden("not_allowed");
    const bool central_is_needed = view.in_force.association || !view.asked_centrally;
    if (central_is_needed && !is_central(who)) return forbidden("association_only");
    return std::nullopt;
}

awaitable<answer<long long>> approve_set_up(operation_context& at, const actor& who,
                                            member_slug member, shown_digest shown) {
    const auto view = co_await look_at_set_up(at, who, member);
    if (!view) co_return view.error();
    if (auto no = judge_second_person(who, *view)) co_return *std::move(no);
    if (auto no = judge_shown(view->version, shown)) co_return *std::move(no);
    registry_change beside;
    beside.why = view->asked_why;
    beside.repointed = member;
    beside.records = {record_for(at, who, audit::event::directory_change_approved, member,
                                 view->asked_by, view->asked_why)};
    co_return co_await put_in_force(at, who, *view, std::move(beside));
}

awaitable<answer<std::vector<member_slug>>> waiting_directories(operation_context& at,
                                                                const actor& who) {
    auto read = [](store::transaction& t) { return t.set_ups().asked(); };
    auto all = co_await at.memory.read(read);
    if (!all) co_return store_silent();
    std::erase_if(
        *all, [&](const member_slug& one) { return !who.may(operation::set_up_directory, one); });
    co_return std::move(*all);
}

}  // namespace kommpass::idp::admin
