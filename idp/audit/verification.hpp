#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/result.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kommpass::idp::store {
enum class store_error;
class store;
struct chained_audit_record;
}  // namespace kommpass::idp::store

namespace kommpass::idp::jose {
class key_ring;
}

// Whether the audit log is as it was written.
namespace kommpass::idp::audit {

struct chain_fault {
    long long sequence = 0;  // of the first record that is wrong, or missing
    std::string what;
};

struct chain_report {
    long long records = 0;
    long long before_the_chain = 0;     // older than the chain itself
    long long addresses_forgotten = 0;  // lawfully: a person was erased
    long long contents_removed = 0;     // lawfully: their time was over, and that is recorded
    long long first = 0;
    long long last = 0;
    instant from{};
    instant until{};
    std::size_t checkpoints = 0;  // that fit and are signed by us
    std::optional<chain_fault> fault;
};

// Goes along the chain, record by record; finds what was changed, is missing, was put in or was
// put elsewhere. Pure.
class chain_walk {
public:
    // False at the first fault: there is nothing to be learnt behind it.
    bool take(const store::chained_audit_record&);
    [[nodiscard]] chain_report& report() noexcept { return report_; }
    // After the last record: whether every address that is gone belonged to an erased person, and
    // every content that is gone was removed by a recorded act.
    void finish();
    // The hash of a record that was passed, as the checkpoints need it.
    [[nodiscard]] const std::string& last_hash() const noexcept { return last_hash_; }

private:
    [[nodiscard]] std::string fault_of(const store::chained_audit_record&);
    chain_report report_;
    std::string last_hash_;
    bool chained_ = false;
    void allow_removed(const std::string& detail_json);
    std::map<long long, std::string> without_content_;  // sequence and event
    std::map<std::string, long long> without_address_;  // pseudonym, and its first such record
};

// Reads the whole log in pages, and the checkpoints against the keys.
[[nodiscard]] result<chain_report, store::store_error> verify_chain(store::store&,
                                                                    const jose::key_ring&);

// Signs the state of the log, if there is something new since the last time. `true`: it did.
[[nodiscard]] result<bool, store::store_error> make_checkpoint(store::store&, const jose::key_ring&,
                                                               instant now);

}  // namespace kommpass::idp::audit
