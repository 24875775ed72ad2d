#pragma once

#include "idp/store/audit_log.hpp"
#include "idp/store/sql/statement.hpp"

namespace kommpass::idp::store::sql {

class audit_log final : public idp::store::audit_log {
public:
    explicit audit_log(database& on);
    void append(const audit_record&) override;
    std::vector<stored_audit_record> read(long long after, std::size_t limit) override;
    std::vector<stored_audit_record> read_back(long long before, std::size_t limit) override;
    std::vector<stored_audit_record> refused_requests(instant since, std::size_t limit) override;
    std::pair<long long, std::size_t> remove_content(long long after, std::string_view event,
                                                     instant older_than, std::string_view why,
                                                     std::size_t limit) override;
    std::vector<chained_audit_record> read_chain(long long after, std::size_t limit) override;
    std::optional<audit_link> last_link() override;
    void put_checkpoint(const audit_checkpoint&) override;
    std::vector<audit_checkpoint> checkpoints() override;
    std::string pseudonym_of(const person_id&) override;
    void forget_person(const person_id&) override;

private:
    [[nodiscard]] std::string made_pseudonym_of(const person_id&);

    statement insert_;
    statement after_;
    statement before_;
    statement refused_;
    statement old_;
    statement remove_;
    statement chain_;
    statement last_;
    statement put_checkpoint_;
    statement checkpoints_;
    statement pseudonym_;
    statement put_pseudonym_;
    statement forget_addresses_;
    statement forget_pseudonym_;
};

}  // namespace kommpass::idp::store::sql
