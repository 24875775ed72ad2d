#pragma once

#include <string>

// What the machine can do at all, measured in the same run: the limits that the service is held
// against.
namespace kommpass::bench {

// ES256 signatures a second by OpenSSL on `threads` threads.
[[nodiscard]] double es256_signatures_per_second(unsigned threads);

// Search for a person, search for the person's groups, bind: a second, in plain libldap loops on
// kept connections. Throws std::runtime_error if the directory does not answer.
[[nodiscard]] double raw_ldap_sign_ins_per_second(const std::string& url, const std::string& base,
                                                  unsigned people, unsigned threads);

// Requests a second of the plainest Beast server (`tests/bench/reference_beast_server.hpp`) on
// `threads` threads.
[[nodiscard]] double plain_beast_requests_per_second(unsigned threads);

}  // namespace kommpass::bench
