#pragma once

#include "idp/store/audit_log.hpp"

#include <string>
#include <string_view>

// How records of the audit log are tied to one another. All digests are SHA-256, 32 raw bytes.
// Pure.
namespace kommpass::idp::store {

// What stands before the first record.
[[nodiscard]] std::string chain_beginning();

// Binds an address without giving it away once the salt is gone.
[[nodiscard]] std::string address_digest(std::string_view salt, std::string_view address);

// Of everything in the record but its address, for which the digest stands. `record.person` is the
// pseudonym. Unambiguous: every field is preceded by its length.
[[nodiscard]] std::string content_digest(const audit_record& record,
                                         std::string_view digest_of_address);

[[nodiscard]] std::string chain_hash(std::string_view previous_hash, long long sequence,
                                     std::string_view digest_of_content);

}  // namespace kommpass::idp::store
