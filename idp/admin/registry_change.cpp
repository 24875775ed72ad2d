#include "idp/admin/registry_change.hpp"

#include "config/vocabulary/utf8.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/change_rights.hpp"
#include "idp/admin/effects.hpp"
#include "idp/admin/named_persons.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/own_gain.hpp"
#include "idp/admin/second_person.hpp"
#include "idp/admin/unnamed_losses.hpp"
#include "idp/admin/waiting_work.hpp"
#include "idp/audit/events.hpp"
#include "idp/registry/revisions.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/revisions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/tasks/run_on.hpp"
#include "policies/registry_files.hpp"
#include "policies/validation.hpp"

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

std::string document_names(const std::vector<policies::document_change>& all) {
    std::string names;
    for (const auto& one : all) names += (names.empty() ? "" : " ") + one.name();
    return names;
}

refusal invalid_registry(const config::mistakes& wrong) {
    refusal no{refusal::reason::invalid, "registry_invalid", {}, {}};
    for (const auto& one : wrong) no.details.push_back(one.to_string());
    return no;
}

// The authors as they will be, so that the running process need not read them again.
policies::authorships next_authors(const operation_context& at, const actor& who,
                                   const registry_change& change, long long revision,
                                   const std::vector<policies::document_change>& documents,
                                   policies::authorships authors) {
    for (const auto& one : documents) {
        authors.insert_or_assign(
            one.name(), policies::authorship{revision, at.time.now(), who.id(), change.why});
    }
    return authors;
}

awaitable<answer<policies::authorships>> authors_now(operation_context& at) {
    auto read = [](store::transaction& t) { return t.revisions().authors(); };
    const auto all = co_await at.memory.read(read);
    if (!all) co_return store_silent();
    co_return registry::authorships_of(*all);
}

// Another member's document is not named.
refusal discreet(refusal no) {
    if (no.why == refusal::reason::not_found) no.details.clear();
    return no;
}

void take_as_approved(const policies::registry& before, policies::registry& after) {
    for (auto& [id, rule] : after.mappings) {
        const auto was = before.mappings.find(id);
        if (was == before.mappings.end() || !(was->second == rule))
            rule.state = policies::grant_state::active;
    }
}

// Compiled documents, with what differs.
struct compiled_change {
    policies::snapshot_ptr after;
    std::vector<policies::document_change> documents;
};

class drafting {
public:
    drafting(const operation_context& at, const actor& who, const registry_change& change,
             policies::snapshot_ptr newest, policies::authorships authors)
        : at_(at),
          who_(who),
          change_(change),
          before_(std::move(newest)),
          authors_(std::move(authors)) {}

    answer<drafted> draft() const {
        auto documents = before_->documents();
        if (auto no = change_.edit(documents)) return discreet(*std::move(no));
        auto made = judged(std::move(documents), waits_for::what_is_sensitive);
        if (!made) return made.error();
        if (!change_.as_if_approved && !gain_by(*made).empty()) {
            // What can wait for somebody who gains nothing by it waits.
            if (!who_.is_host()) made = judged(made->after->documents(), waits_for::every_mapping);
            if (!made) return made.error();
            if (auto gain = gain_by(*made); !gain.empty()) return own_gain_refused(gain);
        }
        return drafted{before_, std::move(made->after), std::move(made->documents)};
    }

private:
    answer<compiled_change> judged(policies::registry documents, waits_for second_person) const {
        const auto& was = before_->documents();
        if (!who_.is_host()) {
            if (change_.as_if_approved)
                take_as_approved(was, documents);
            else
                require_second_person(who_, was, documents, at_.today(), change_.refused_mapping,
                                      second_person);
            drop_stale_agreements(who_, was, documents);
            if (auto no = too_much_waits(who_, was, documents)) return *std::move(no);
        }
        compiled_change made{nullptr, policies::changed_documents(was, documents)};
        auto concerned = made.documents;
        if (change_.touches && concerned.empty()) concerned.push_back(*change_.touches);
        if (auto no = judge_changes(who_, was, documents, concerned, change_.refused_mapping,
                                    change_.repointed))
            return discreet(*std::move(no));
        if (auto no = unnamed_losses(was, documents, change_.named, change_.replaces_all))
            return *std::move(no);
        if (change_.decides) {
            if (auto no = judge_decision(was, who_.id(), *change_.decides))
                return discreet(*std::move(no));
        }
        const auto revision = before_->revision() + 1;
        const auto beyond = policies::newly_beyond(was, documents);
        auto compiled = policies::compile_stored(
            std::move(documents), revision,
            next_authors(at_, who_, change_, revision, made.documents, authors_));
        if (!compiled || !beyond.empty()) {
            auto wrong = compiled ? config::mistakes() : compiled.error();
            wrong.insert(wrong.end(), beyond.begin(), beyond.end());
            return invalid_registry(wrong);
        }
        made.after = std::move(*compiled);
        return made;
    }

    std::vector<policies::scoped_role> gain_by(const compiled_change& made) const {
        return own_gain(who_, *before_, *made.after, made.documents, at_.today());
    }

    static refusal own_gain_refused(const std::vector<policies::scoped_role>& gain) {
        auto no = forbidden("own_gain");
        for (const auto& one : gain)
            no.details.push_back(one.role.str() + "@" + one.for_member.str());
        return no;
    }

    const operation_context& at_;
    const actor& who_;
    const registry_change& change_;
    policies::snapshot_ptr before_;
    policies::authorships authors_;
};

// The registry stays as it is: what else there is to do is done.
awaitable<answer<changed_registry>> without_documents(operation_context& at, const drafted& draft,
                                                      const registry_change& change) {
    changed_registry same{draft.before->revision(), {}};
    if (!change.also) co_return same;
    auto write = [&](store::transaction& t) {
        change.also(t);
        for (const auto& one : change.records) t.audit().append(one);
    };
    const auto written = co_await at.memory.write(write);
    if (!written) co_return store_silent();
    co_return same;
}

}  // namespace

awaitable<answer<policies::snapshot_ptr>> newest_registry(operation_context& at) {
    auto running = at.registry.get();
    auto ask = [](store::transaction& t) { return t.revisions().latest_number(); };
    const auto newest = co_await at.memory.read(ask);
    if (!newest) co_return store_silent();
    if (*newest == running->revision()) co_return running;
    auto read = [](store::transaction& t) {
        return std::pair(t.revisions().latest(), t.revisions().authors());
    };
    const auto found = co_await at.memory.read(read);
    if (!found || !found->first) co_return store_silent();
    auto work = [&]() -> answer<policies::snapshot_ptr> {
        auto documents = policies::from_json(found->first->documents_json);
        if (!documents)
            return refusal{refusal::reason::invalid, "registry_invalid", {}, {documents.error()}};
        auto compiled = policies::compile_stored(std::move(*documents), found->first->number,
                                                 registry::authorships_of(found->second));
        if (!compiled) return invalid_registry(compiled.error());
        return std::move(*compiled);
    };
    co_return co_await tasks::run_on(at.computing, std::move(work), at.whose);
}

awaitable<answer<drafted>> draft_registry(operation_context& at, const actor& who,
                                          registry_change change) {
    auto newest = co_await newest_registry(at);
    if (!newest) co_return newest.error();
    if (change.expected && *change.expected != (*newest)->revision()) {
        co_return refusal{
            refusal::reason::stale, "stale", {}, {std::to_string((*newest)->revision())}};
    }
    auto authors = co_await authors_now(at);
    if (!authors) co_return authors.error();
    const drafting work_on(at, who, change, *newest, std::move(*authors));
    auto work = [&] { return work_on.draft(); };
    co_return co_await tasks::run_on(at.computing, std::move(work), at.whose);
}

awaitable<answer<changed_registry>> change_registry(operation_context& at, const actor& who,
                                                    registry_change change) {
    if (change.why.empty()) co_return invalid("why", "reason_missing");
    if (utf8_length(change.why) > 500) co_return invalid("why", "reason_too_long");
    auto draft = co_await draft_registry(at, who, change);
    if (!draft) co_return draft.error();
    if (draft->documents.empty()) co_return co_await without_documents(at, *draft, change);
    const auto unknown = who.is_host() || change.may_leave_unsearched ? unknown_person::allowed
                                                                      : unknown_person::refused;
    auto misnamed =
        co_await misnamed_person(at, draft->before->documents(), draft->after->documents(),
                                 draft->documents, unknown, change.arriving);
    if (misnamed) co_return *std::move(misnamed);
    std::vector<std::string> unsearched;
    // The first registry meets persons whom nobody has looked at yet.
    if (change.looks_for_conflicts && draft->before->revision() > 0) {
        auto conflicts =
            co_await conflicts_of(at, who, draft->before, draft->after, draft->documents);
        const bool silent = !conflicts && (conflicts.error().code == "directory_unavailable" ||
                                           conflicts.error().code == "directory_cut_off");
        if (silent && change.may_leave_unsearched)
            unsearched = {conflicts.error().details.front()};
        else if (!conflicts)
            co_return conflicts.error();
        else if (!conflicts->empty())
            co_return refusal{
                refusal::reason::conflict, "incompatible_roles", {}, std::move(*conflicts)};
    }
    const auto revision = draft->after->revision();
    auto write_down = [&] { return policies::to_json(draft->after->documents()); };
    auto text = co_await tasks::run_on(at.computing, std::move(write_down), at.whose);
    const store::registry_revision stored{0, at.time.now(), who.id(), change.why, std::move(text)};
    const auto documents = registry::noted(draft->documents);
    auto record = record_of(at, who.id(), audit::event::registry_applied, "ok",
                            {{"revision", std::to_string(revision)},
                             {"why", change.why},
                             {"documents", document_names(draft->documents)}});
    record.person = who.person();
    record.member = who.member();
    auto write = [&](store::transaction& t) {
        // Somebody else has made one of them known meanwhile, by another id.
        for (const auto& one : change.arriving) {
            if (t.persons().find(one.member, one.directory).value_or(one).id != one.id)
                return false;
        }
        const auto number = t.revisions().append(revision - 1, stored);
        if (!number) return false;
        t.revisions().note_documents(*number, documents);
        for (const auto& one : change.arriving)
            (void)t.persons().ensure(one.member, one.directory, one.id, one.first_seen);
        if (change.also) change.also(t);
        t.audit().append(record);
        for (const auto& one : change.records) t.audit().append(one);
        return true;
    };
    const auto written = co_await at.memory.write(write);
    if (!written) co_return store_silent();
    if (!*written) co_return refusal{refusal::reason::stale, "stale", {}, {}};
    // Somebody else's may have come after it meanwhile.
    if (at.registry.get()->revision() < revision) at.registry.replace(draft->after);
    if (at.registry_changed) at.registry_changed();
    co_return changed_registry{revision, std::move(draft->documents), std::move(unsearched)};
}

policies::document_change touched(policies::document_kind kind, std::string key,
                                  std::optional<member_slug> of) {
    return {kind, std::move(key), true, true, std::move(of)};
}

awaitable<answer<long long>> revision_of(operation_context& at, const actor& who,
                                         registry_change change, std::string why,
                                         std::optional<long long> expected) {
    change.why = std::move(why);
    change.expected = expected;
    return revision_of(at, who, std::move(change));
}

awaitable<answer<long long>> revision_of(operation_context& at, const actor& who,
                                         registry_change change) {
    auto done = co_await change_registry(at, who, std::move(change));
    if (!done) co_return done.error();
    co_return done->revision;
}

}  // namespace kommpass::idp::admin
