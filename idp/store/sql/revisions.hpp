#pragma once

#include "idp/store/revisions.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class revisions final : public revision_store {
public:
    explicit revisions(database& on);
    std::optional<registry_revision> latest() override;
    long long latest_number() override;
    std::optional<registry_revision> find(long long number) override;
    std::vector<registry_revision> history(std::size_t limit) override;
    std::optional<long long> append(long long expected_latest, const registry_revision&) override;
    void note_documents(long long revision, const std::vector<revision_document>&) override;
    std::vector<revision_document> documents_of(long long revision) override;
    std::vector<registry_revision> history_before(long long before, std::size_t limit) override;
    std::optional<long long> last_change_before(long long before,
                                                std::string_view document) override;
    std::vector<document_author> authors() override;

private:
    std::string text_of(long long number);

    statement latest_number_;
    statement find_;
    statement texts_back_;
    statement history_;
    statement insert_;
    statement history_before_;
    statement note_document_;
    statement documents_of_;
    statement last_change_;
    statement authors_;
};

}  // namespace kommpass::idp::store::sql
