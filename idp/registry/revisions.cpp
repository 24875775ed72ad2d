#include "idp/registry/revisions.hpp"

#include "idp/audit/events.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/revisions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/documents.hpp"

namespace kommpass::idp::registry {
namespace {

constexpr auto store_is_silent = "the store does not answer; see the log for the reason";

result<policies::registry, std::string> read_documents(const store::registry_revision& revision) {
    auto documents = policies::from_json(revision.documents_json);
    if (documents) return std::move(*documents);
    return "revision " + std::to_string(revision.number) + " cannot be read: " + documents.error();
}

}  // namespace

std::vector<store::revision_document> noted(const std::vector<policies::document_change>& all) {
    std::vector<store::revision_document> made;
    for (const auto& one : all) made.push_back({one.name(), one.member.value_or(member_slug())});
    return made;
}

policies::authorships authorships_of(const std::vector<store::document_author>& all) {
    policies::authorships made;
    for (const auto& one : all)
        made.emplace(one.document, policies::authorship{one.revision, one.at, one.who, one.why});
    return made;
}

result<current_registry, std::string> load_current(store::store& memory) {
    std::optional<store::registry_revision> latest;
    std::vector<store::document_author> authors;
    const auto read = memory.read_now([&](store::transaction& t) {
        latest = t.revisions().latest();
        authors = t.revisions().authors();
    });
    if (!read) return std::string(store_is_silent);
    if (!latest) return current_registry{};
    auto documents = read_documents(*latest);
    if (!documents) return documents.error();
    return current_registry{std::move(*documents), latest->number, authorships_of(authors)};
}

result<std::optional<policies::registry>, std::string> load_revision(store::store& memory,
                                                                     long long number) {
    using answer = result<std::optional<policies::registry>, std::string>;
    std::optional<store::registry_revision> found;
    if (!memory.read_now([&](store::transaction& t) { found = t.revisions().find(number); })) {
        return answer(std::string(store_is_silent));
    }
    if (!found) return answer(std::nullopt);
    auto documents = read_documents(*found);
    if (!documents) return answer(documents.error());
    return answer(std::move(*documents));
}

result<long long, std::string> append_revision(store::store& memory,
                                               const revision_request& request) {
    const auto before = load_revision(memory, request.expected_latest);
    if (!before) return before.error();
    const auto changed = noted(
        policies::changed_documents(*before ? **before : policies::registry{}, request.documents));
    const store::registry_revision revision{0, request.at, request.who, request.why,
                                            policies::to_json(request.documents)};
    std::optional<long long> number;
    const auto done = memory.write_now([&](store::transaction& t) {
        number = t.revisions().append(request.expected_latest, revision);
        if (!number) return;
        t.revisions().note_documents(*number, changed);
        store::audit_record record;
        record.at = request.at;
        record.event = audit::name_of(audit::event::registry_applied);
        record.result = "ok";
        record.detail_json = audit::detail(
            {{"revision", std::to_string(*number)}, {"who", request.who}, {"why", request.why}});
        t.audit().append(record);
    });
    if (!done) return std::string(store_is_silent);
    if (!number)
        return std::string(
            "somebody else changed the registry meanwhile; look at `registry diff` again");
    return *number;
}

}  // namespace kommpass::idp::registry
