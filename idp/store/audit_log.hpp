#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"
#include "idp/store/audit_record.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kommpass::idp::store {

// A line as it is kept, for verification.
struct chained_audit_record {
    long long sequence = 0;
    audit_record record;  // `person` is the pseudonym
    std::string salt;     // empty once the address was forgotten
    std::string address_digest;
    std::string content_digest;
    std::string previous_hash;
    std::string hash;     // empty: from before there was a chain
    std::string removed;  // why the content is gone; empty: it is there
};

struct audit_link {
    long long sequence = 0;
    std::string hash;
};

struct audit_checkpoint {
    long long sequence = 0;
    std::string signature;  // compact JWS
    friend bool operator==(const audit_checkpoint&, const audit_checkpoint&) = default;
};

class audit_log {
public:
    virtual ~audit_log() = default;
    virtual void append(const audit_record&) = 0;
    // In order of sequence, from `after` (exclusive), at most `limit`.
    // `person` is empty where nobody knows any more whose pseudonym it is.
    virtual std::vector<stored_audit_record> read(long long after, std::size_t limit) = 0;
    // The same backwards: those before `before` (exclusive), newest first.
    virtual std::vector<stored_audit_record> read_back(long long before, std::size_t limit) = 0;
    // Requests for a role that were refused since then, newest first.
    virtual std::vector<stored_audit_record> refused_requests(instant since, std::size_t limit) = 0;
    // Takes the content out of records from before `older_than` whose event is `event` or begins
    // with it and a dot, beginning behind sequence `after`, and says why. The chain stays whole.
    // Looks at no more than `limit` records; gives the sequence of the last it looked at (0: there
    // was none), and how many it emptied.
    virtual std::pair<long long, std::size_t> remove_content(long long after,
                                                             std::string_view event,
                                                             instant older_than,
                                                             std::string_view why,
                                                             std::size_t limit) = 0;
    virtual std::vector<chained_audit_record> read_chain(long long after, std::size_t limit) = 0;
    virtual std::optional<audit_link> last_link() = 0;
    virtual void put_checkpoint(const audit_checkpoint&) = 0;
    virtual std::vector<audit_checkpoint> checkpoints() = 0;
    // Empty for a person who stands nowhere in the log.
    virtual std::string pseudonym_of(const person_id&) = 0;
    // Nobody knows any more who the person's pseudonym was, nor from which addresses they came. The
    // chain stays whole.
    virtual void forget_person(const person_id&) = 0;
};

}  // namespace kommpass::idp::store
