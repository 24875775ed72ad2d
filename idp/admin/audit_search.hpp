#pragma once

#include "config/vocabulary/local_day.hpp"
#include "idp/admin/refusal.hpp"
#include "idp/store/audit_record.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace kommpass::idp::store {
struct person;
}

namespace kommpass::idp::admin {

struct operation_context;
class actor;

// Empty fields ask for everything. Whoever looks says why; that is recorded before anything is
// shown (R41).
struct audit_query {
    std::string purpose;
    std::optional<day> from;   // first day
    std::optional<day> until;  // last day
    member_slug member;
    person_id person;
    application_key application;
    std::string event;     // "sign_in.success", or "sign_in" for all of its kind
    long long before = 0;  // sequence to go on from; 0: the newest
};

// Sequence of the first record of that time or later; one more than the last if there is none.
[[nodiscard]] boost::asio::awaitable<answer<long long>> first_record_since(operation_context&,
                                                                           instant);

// A purpose of fewer than five characters is none.
[[nodiscard]] std::optional<refusal> wrong_purpose(const std::string&);
// Notes who looks at what and why, before anything is shown.
[[nodiscard]] boost::asio::awaitable<answer<bool>> record_view(operation_context&, const actor&,
                                                               const audit_query&);
// Notes that somebody says why they are going to look.
[[nodiscard]] boost::asio::awaitable<answer<bool>> state_purpose(operation_context&, const actor&,
                                                                 std::string purpose);

struct found_records {
    std::vector<store::stored_audit_record> records;  // newest first, at most 100
    long long next = 0;                               // `before` of the next page; 0: no more
};

// Looks at 20,000 records at most for each page, in bites, so that nobody waits behind it.
[[nodiscard]] boost::asio::awaitable<answer<found_records>> search_audit(operation_context&,
                                                                         const actor&, audit_query);

// What was done to one person's roles and sessions by administrators, newest first, at most 50:
// no sign-in is among it, so it asks for no purpose. Looks at 20,000 records at most.
[[nodiscard]] boost::asio::awaitable<answer<std::vector<store::stored_audit_record>>> role_history(
    operation_context&, const actor&, const store::person&);

// Active persons for each member and application in a month, without naming anyone.
struct usage_row {
    member_slug member;
    application_key application;
    std::size_t persons = 0;
    friend bool operator==(const usage_row&, const usage_row&) = default;
};
// `month`: "2026-10". Rows of members that the actor may not see are left out.
[[nodiscard]] boost::asio::awaitable<answer<std::vector<usage_row>>> usage_report(
    operation_context&, const actor&, std::string month);
[[nodiscard]] std::string usage_csv(const std::vector<usage_row>&);

}  // namespace kommpass::idp::admin
