#pragma once

#include "directory/ldap_entry.hpp"
#include "directory/password_policy.hpp"

#include <ldap.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kommpass::directory {

struct ldap_answer {
    int code = 0;  // LDAP result code
    std::string diagnostic;
    std::string referral;  // with LDAP_REFERRAL: where the server sends us, its URLs
    std::string server;    // its URL, where the code is no success
    std::vector<ldap_entry> entries;
    bool cut_off = false;  // a limit of the server, or a bound of ours on entries or bytes, was met
    std::size_t elsewhere = 0;  // entries that were left out: they lie outside of what was asked
    std::string cut_off_by;   // what limit that was, of a search that was read to its end in pages
    std::string unpaged;      // why it was read without pages all the same: the server's words
    std::string page_cookie;  // of the paged results control; empty: the last page
    password_policy_response policy;
    std::string kept;  // of a grace sign-in: name of its connection in `kept_connections`
};

// What the server says with its result code, for logs and for those who look after it: the code's
// name, its diagnostic, where it sends us.
[[nodiscard]] std::string words_of(const ldap_answer&);
// The server stopped at a limit of its own; what came before it may be with the answer.
[[nodiscard]] bool is_limit(int code) noexcept;

// One message of a search that does not end: an entry with the controls that came with it, or an
// intermediate response (RFC 4511, 4.13).
struct feed_message {
    ldap_entry entry;
    std::string intermediate_oid;  // not empty: an intermediate response, and there is no entry
    std::string intermediate_value;
    std::map<std::string, std::string> controls;  // by OID
};

struct free_message {
    void operator()(LDAPMessage* message) const noexcept { ldap_msgfree(message); }
};
using owned_message = std::unique_ptr<LDAPMessage, free_message>;

// What one answer may hold, whatever the server thinks: a page has far less.
class answer_bounds {
public:
    static constexpr std::size_t most_entries = 10'000;
    static constexpr std::size_t most_bytes = 16 * 1024 * 1024;
    static constexpr std::size_t largest_value = 64 * 1024;

    // Decodes an entry into the answer, within the bounds.
    void add_entry(LDAP*, LDAPMessage*, ldap_answer&);

private:
    std::size_t bytes_ = 0;
};

// Decodes the message that ends an operation.
void read_result(LDAP*, LDAPMessage*, ldap_answer&);
[[nodiscard]] feed_message read_feed_message(LDAP*, LDAPMessage*);

}  // namespace kommpass::directory
