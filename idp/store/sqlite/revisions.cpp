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
      note_author_(on, "INSERT OR REPLACE INTO document_author (document, revision) VALUES (?,?)"),
      authors_(on,
               "SELECT a.document, a.revision, r.at, r.who, r.why FROM document_author a"
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

void revisions::note_authors(long long revision, const std::vector<std::string>& documents) {
    for (const auto& one : documents) note_author_.run(one, revision);
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
