#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::store {

struct registry_revision {
    long long number = 0;
    instant at{};
    std::string who;
    std::string why;
    std::string documents_json;  // the whole registry in canonical form
    friend bool operator==(const registry_revision&, const registry_revision&) = default;
};

// What a revision changed.
struct revision_document {
    std::string document;  // "mappings/lebus-meldeamt"
    member_slug member;    // whose it is; empty: the association's
    friend bool operator==(const revision_document&, const revision_document&) = default;
};

// Which revision made a document what it is.
struct document_author {
    std::string document;  // "mappings/lebus-meldeamt"
    long long revision = 0;
    instant at{};
    std::string who;
    std::string why;
    friend bool operator==(const document_author&, const document_author&) = default;
};

class revision_store {
public:
    virtual ~revision_store() = default;
    virtual std::optional<registry_revision> latest() = 0;
    // Cheap enough to ask every second whether somebody else applied a revision; 0: there is none.
    virtual long long latest_number() = 0;
    virtual std::optional<registry_revision> find(long long number) = 0;
    // Newest first, without their documents.
    virtual std::vector<registry_revision> history(std::size_t limit) = 0;
    // Appends as number `expected_latest + 1`; nothing if somebody else was quicker.
    virtual std::optional<long long> append(long long expected_latest,
                                            const registry_revision&) = 0;
    // Notes that `revision` made these documents what they are.
    virtual void note_documents(long long revision, const std::vector<revision_document>&) = 0;
    virtual std::vector<revision_document> documents_of(long long revision) = 0;
    // The last revision below `before` that changed this document.
    virtual std::optional<long long> last_change_before(long long before,
                                                        std::string_view document) = 0;
    // The last revision of each document.
    virtual std::vector<document_author> authors() = 0;
    // Newest first, from before `before` (exclusive), without their documents.
    virtual std::vector<registry_revision> history_before(long long before, std::size_t limit) = 0;
};

}  // namespace kommpass::idp::store
