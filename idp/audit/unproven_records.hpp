#pragma once

#include "config/vocabulary/clock.hpp"
#include "idp/store/audit_record.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace kommpass::idp::audit {

// What anybody can have written into the audit log without proving who they are: failed sign-ins,
// refused clients and requests; and what a code or a refresh token can be used for again and again
// without changing anything. In each window the first ones are written one by one, as many as are
// alike (event, member, client, source), of one source, and of all; the others are counted and told
// by one record for those that are alike, with their number in its detail as "more": once a minute
// (`sums_task`), and at the end of the process. So a process that is killed takes the count of at
// most the last minute with it, and never the first of a kind. A source is an IPv4 address, or an
// IPv6 network of 64 bits. Thread-safe.
class unproven_records {
public:
    static constexpr std::chrono::minutes window{10};
    static constexpr unsigned most_alike = 50;
    static constexpr unsigned most_of_source = 200;  // a town hall shares one address
    static constexpr unsigned most_of_all = 5000;

    explicit unproven_records(const clock& time) : time_(time) {}
    unproven_records(const unproven_records&) = delete;

    // True for a record that is to be written as it is. False: it is counted, or, with a person in
    // it or of another event, none that this is about is ever counted.
    [[nodiscard]] bool lets_through(const store::audit_record&);

    // One record for each kind of those that were counted since the last call.
    [[nodiscard]] std::vector<store::audit_record> sums();
    // The last sums could not be written: they are told with the next ones.
    void take_back();

private:
    struct sum {
        store::audit_record like;  // what all of them have
        unsigned long long number = 0;
        instant first{};
        instant last{};
    };
    void begin_anew_if_over(instant now);

    const clock& time_;
    std::mutex mutex_;
    instant began_{};
    unsigned written_ = 0;
    std::map<std::string, unsigned> written_alike_;
    std::map<std::string, unsigned> written_of_source_;
    std::map<std::string, sum> counted_;
    std::map<std::string, sum> told_;  // the last time
};

// How many happenings a record of the log tells of: one, or the number of a sum.
[[nodiscard]] long long happenings_in(const store::audit_record&);

}  // namespace kommpass::idp::audit
