#include "idp/admin/registry_change.hpp"

#include "idp/admin/change_rights.hpp"
#include "idp/admin/effects.hpp"
#include "idp/admin/named_persons.hpp"
#include "idp/admin/waiting_work.hpp"
#include "idp/registry/revisions.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/revisions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/tasks/run_on.hpp"
#include "policies/registry_files.hpp"

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

answer<drafted> drafted_from(const operation_context& at, const actor& who,
                             const registry_change& change, policies::snapshot_ptr newest,
                             policies::authorships authors) {
    drafted made{std::move(newest), nullptr, {}};
    auto documents = made.before->documents();
    if (auto no = change.edit(documents)) return discreet(*std::move(no));
    if (!who.is_host()) {
        if (!change.as_if_approved)
            require_second_person(who, made.before->documents(), documents, at.today(),
                                  change.refused_mapping);
        drop_stale_agreements(who, made.before->documents(), documents);
    }
    if (!who.is_host()) {
        if (auto no = too_much_waits(who, made.before->documents(), documents))
            return *std::move(no);
    }
    made.documents = policies::changed_documents(made.before->documents(), documents);
    auto judged = made.documents;
    if (change.touches && judged.empty()) judged.push_back(*change.touches);
    if (auto no =
            judge_changes(who, made.before->documents(), documents, judged, change.refused_mapping))
        return discreet(*std::move(no));
    const auto revision = made.before->revision() + 1;
    auto compiled = policies::compile(
        std::move(documents), revision,
        next_authors(at, who, change, revision, made.documents, std::move(authors)));
    if (!compiled) return invalid_registry(compiled.error());
    made.after = std::move(*compiled);
    return made;
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
        auto compiled = policies::compile(std::move(*documents), found->first->number,
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
    auto work = [&] { return drafted_from(at, who, change, *newest, std::move(*authors)); };
    co_return co_await tasks::run_on(at.computing, std::move(work), at.whose);
}

awaitable<answer<changed_registry>> change_registry(operation_context& at, const actor& who,
                                                    registry_change change) {
    if (change.why.empty()) co_return invalid("why", "reason_missing");
    if (change.why.size() > 500) co_return invalid("why", "reason_too_long");
    auto draft = co_await draft_registry(at, who, change);
    if (!draft) co_return draft.error();
    if (draft->documents.empty()) co_return changed_registry{draft->before->revision(), {}};
    const auto unknown = who.is_host() || change.may_leave_unsearched ? unknown_person::allowed
                                                                      : unknown_person::refused;
    auto misnamed = co_await misnamed_person(at, draft->before->documents(),
                                             draft->after->documents(), draft->documents, unknown);
    if (misnamed) co_return *std::move(misnamed);
    std::vector<std::string> unsearched;
    // The first registry meets persons whom nobody has looked at yet.
    if (draft->before->revision() > 0) {
        auto conflicts =
            co_await conflicts_of(at, who, draft->before, draft->after, draft->documents);
        const bool silent = !conflicts && conflicts.error().code == "directory_unavailable";
        if (silent && change.may_leave_unsearched)
            unsearched = conflicts.error().details;
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
        const auto number = t.revisions().append(revision - 1, stored);
        if (!number) return false;
        t.revisions().note_documents(*number, documents);
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

awaitable<answer<long long>> revision_of(operation_context& at, const actor& who,
                                         registry_change change) {
    auto done = co_await change_registry(at, who, std::move(change));
    if (!done) co_return done.error();
    co_return done->revision;
}

}  // namespace kommpass::idp::admin
