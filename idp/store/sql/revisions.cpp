#include "idp/store/sql/revisions.hpp"

#include <algorithm>

namespace kommpass::idp::store::sql {
namespace {

// So many revisions at most are gone through to put one together.
constexpr long long whole_every = 64;

// How much two texts have in common at their ends, cut between characters.
struct difference {
    std::size_t front = 0;
    std::size_t back = 0;
};

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

difference difference_of(std::string_view before, std::string_view after) {
    const auto shorter = std::min(before.size(), after.size());
    difference cut;
    while (cut.front < shorter && before[cut.front] == after[cut.front]) ++cut.front;
    while (cut.front > 0 && cut.front < after.size() && continues_character(after[cut.front]))
        --cut.front;
    const auto room = shorter - cut.front;
    while (cut.back < room &&
           before[before.size() - 1 - cut.back] == after[after.size() - 1 - cut.back])
        ++cut.back;
    while (cut.back > 0 && continues_character(after[after.size() - cut.back])) --cut.back;
    return cut;
}

}  // namespace

revisions::revisions(database& on)
    : latest_number_(on, "SELECT coalesce(max(number), 0) FROM registry_revision"),
      find_(on, "SELECT number, at, who, why FROM registry_revision WHERE number = ?"),
      texts_back_(on,
                  "SELECT documents_json, is_whole, kept_front, kept_back FROM registry_revision"
                  " WHERE number <= ? ORDER BY number DESC"),
      history_(on,
               "SELECT number, at, who, why FROM registry_revision"
               " ORDER BY number DESC LIMIT ?"),
      insert_(on,
              "INSERT INTO registry_revision (number, at, who, why, documents_json, is_whole,"
              " kept_front, kept_back) VALUES (?,?,?,?,?,?,?,?)"),
      history_before_(on,
                      "SELECT number, at, who, why FROM registry_revision WHERE number < ?"
                      " ORDER BY number DESC LIMIT ?"),
      note_document_(on,
                     "INSERT INTO revision_document (revision, document, member) VALUES (?,?,?)"),
      documents_of_(on,
                    "SELECT document, member FROM revision_document WHERE revision = ?"
                    " ORDER BY document"),
      last_change_(on,
                   "SELECT revision FROM revision_document WHERE document = ? AND revision < ?"
                   " ORDER BY revision DESC LIMIT 1"),
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
    answer.read(r.number, r.at, r.who, r.why);
    r.documents_json = text_of(number);
    return r;
}

std::string revisions::text_of(long long number) {
    struct kept {
        std::string text;
        long long is_whole = 0;
        long long front = 0;
        long long back = 0;
    };
    std::vector<kept> newest_first;
    auto answer = texts_back_.query(number);
    while (answer.next()) {
        auto& one = newest_first.emplace_back();
        answer.read(one.text, one.is_whole, one.front, one.back);
        if (one.is_whole != 0) break;
    }
    if (newest_first.empty()) return {};
    auto text = std::move(newest_first.back().text);
    for (auto one = std::next(newest_first.rbegin()); one != newest_first.rend(); ++one) {
        const auto front = static_cast<std::size_t>(one->front);
        const auto back = static_cast<std::size_t>(one->back);
        text = text.substr(0, front) + one->text + text.substr(text.size() - back);
    }
    return text;
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
    const bool is_whole = number % whole_every == 1;
    const auto cut =
        is_whole ? difference{} : difference_of(text_of(expected_latest), r.documents_json);
    const auto kept = std::string_view(r.documents_json)
                          .substr(cut.front, r.documents_json.size() - cut.front - cut.back);
    insert_.send(number, r.at, r.who, r.why, kept, static_cast<long long>(is_whole),
                 static_cast<long long>(cut.front), static_cast<long long>(cut.back));
    return number;
}

void revisions::note_documents(long long revision,
                               const std::vector<revision_document>& documents) {
    for (const auto& one : documents) note_document_.send(revision, one.document, one.member);
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

std::optional<long long> revisions::last_change_before(long long before,
                                                       std::string_view document) {
    auto answer = last_change_.query(document, before);
    if (!answer.next()) return std::nullopt;
    long long number = 0;
    answer.read(number);
    return number;
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

}  // namespace kommpass::idp::store::sql
