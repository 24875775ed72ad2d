#include "idp/store/sqlite/revisions.hpp"

namespace kommpass::idp::store::sqlite {

revisions::revisions(connection& on)
    : latest_number_(on, "SELECT coalesce(max(number), 0) FROM registry_revision"),
      find_(on,
            "SELECT number, at, who, why, documents_json FROM registry_revision"
            " WHERE number = ?"),
      history_(on,
               "SELECT number, at, who, why FROM registry_revision"
               " ORDER BY number DESC LIMIT ?"),
      insert_(on,
              "INSERT INTO registry_revision (number, at, who, why, documents_json)"
              " VALUES (?,?,?,?,?)"),
      history_before_(on,
                      "SELECT number, at, who, why FROM registry_revision WHERE number < ?"
                      " ORDER BY number DESC LIMIT ?"),
      note_document_(on,
                     "INSERT INTO revision_document (revision, document, member) VALUES (?,?,?)"),
      documents_of_(on,
                    "SELECT document, member FROM revision_document WHERE revision = ?"
                    " ORDER BY document"),
      authors_(on,
               "SELECT a.document, a.revision, r.at, r.who, r.why FROM (SELECT document,"
               " max(revision) AS revision FROM revision_document GROUP BY document) a"
               " JOIN registry_revision r ON r.number = a.revision") {}

std::optional<registry_revision> revisions::latest() { return find(latest_number()); }

long long revisions::latest_number() {
    long long number = 0;
    auto answer = latest_number_.query();
    if (answer.next()) answer.read(number);
    return number;
}

std::optional<registry_revision> revisions::find(long long number) {
    auto answer = find_.query(number);
    if (!answer.next()) return std::nullopt;
    registry_revision r;
    answer.read(r.number, r.at, r.who, r.why, r.documents_json);
    return r;
}

std::vector<registry_revision> revisions::history(std::size_t limit) {
    std::vector<registry_revision> all;
    auto answer = history_.query(static_cast<long long>(limit));
    while (answer.next()) {
        auto& r = all.emplace_back();
        answer.read(r.number, r.at, r.who, r.why);
    }
    return all;
}

std::optional<long long> revisions::append(long long expected_latest, const registry_revision& r) {
    if (latest_number() != expected_latest) return std::nullopt;
    const long long number = expected_latest + 1;
    insert_.run(number, r.at, r.who, r.why, r.documents_json);
    return number;
}

void revisions::note_documents(long long revision,
                               const std::vector<revision_document>& documents) {
    for (const auto& one : documents) note_document_.run(revision, one.document, one.member);
}

std::vector<revision_document> revisions::documents_of(long long revision) {
    std::vector<revision_document> all;
    auto answer = documents_of_.query(revision);
    while (answer.next()) {
        auto& one = all.emplace_back();
        answer.read(one.document, one.member);
    }
    return all;
}

std::vector<registry_revision> revisions::history_before(long long before, std::size_t limit) {
    std::vector<registry_revision> all;
    auto answer = history_before_.query(before, static_cast<long long>(limit));
    while (answer.next()) {
        auto& r = all.emplace_back();
        answer.read(r.number, r.at, r.who, r.why);
    }
    return all;
}

std::vector<document_author> revisions::authors() {
    std::vector<document_author> all;
    auto answer = authors_.query();
    while (answer.next()) {
        auto& one = all.emplace_back();
        answer.read(one.document, one.revision, one.at, one.who, one.why);
    }
    return all;
}

}  // namespace kommpass::idp::store::sqlite
