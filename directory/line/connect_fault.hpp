#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::directory {

// What stands in the way to a server: one for each remedy.
enum class fault {
    plain_text,
    name_unresolved,
    address_forbidden,
    tcp_refused,
    tcp_unreachable,
    tcp_silent,
    starttls_refused,
    starttls_silent,
    starttls_cut,
    starttls_garbage,
    ca_unreadable,
    client_certificate,
    tls_silent,
    tls_cut,
    tls_garbage,
    tls_failed,
    expired,
    not_yet_valid,
    unknown_ca,
    host_name_differs,
    weak_key,
    weak_signature,
    untrusted,
    password_unreadable,
    bind_refused,
    bind_failed,
    ldap_silent,
    ldap_cut,
    ldap_garbage,
};

// The words for a fault; "{}" is the place of what was found. The id is stable: the
// trouble-shooting page and the log have it.
struct fault_words {
    std::string_view id;
    std::string_view de;
    std::string_view en;
    std::string_view remedy_de;
    std::string_view remedy_en;
};
[[nodiscard]] const fault_words& words_of(fault) noexcept;
[[nodiscard]] std::span<const fault_words> words_of_every_fault() noexcept;

struct connect_fault {
    fault what;
    std::string detail;
};
// For the log: "tcp.refused: The host refuses the connection: Connection refused".
[[nodiscard]] std::string in_words(const connect_fault&);
[[nodiscard]] std::string in_words(const std::vector<connect_fault>&);

}  // namespace kommpass::directory
