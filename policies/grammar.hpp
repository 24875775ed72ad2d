#pragma once

#include <string_view>

// How names and addresses in the registry may look.
namespace kommpass::policies::grammar {

// Lower-case letters, digits and '-', 1 to 63 characters, not beginning or ending with '-'.
[[nodiscard]] bool is_slug(std::string_view) noexcept;
// A client id: visible ASCII without characters that need escaping in a header, 1 to 128.
[[nodiscard]] bool is_client_id(std::string_view) noexcept;
// A domain name in lower case with at least one dot; with umlauts, or as A-labels ("xn--...").
[[nodiscard]] bool is_domain(std::string_view);
// Why a client id could be taken for a person in a token of the client's own, whose `sub` it is: as
// the end of a sentence; empty if it cannot. Person ids, pairwise subjects and login names have
// forms of their own.
[[nodiscard]] std::string_view person_like_client_id(std::string_view) noexcept;
// The short name of a Windows domain: 1 to 15 letters, digits and '-'.
[[nodiscard]] bool is_netbios_name(std::string_view) noexcept;
// An attribute description: letters, digits and '-', beginning with a letter (RFC 4512, 1.4).
[[nodiscard]] bool is_attribute(std::string_view) noexcept;
// A claim name, with '.' to nest; none of those that tokens have by themselves.
[[nodiscard]] bool is_claim_name(std::string_view) noexcept;
// Opens and closes as a filter does (RFC 4515); the rest is the server's to judge.
[[nodiscard]] bool is_filter(std::string_view) noexcept;
// 64 lower-case hexadecimal digits.
[[nodiscard]] bool is_sha256_hex(std::string_view) noexcept;
// What is wrong with a redirect URI, as the end of a sentence; empty if nothing is (RFC 9700, 2.1;
// RFC 8252, 7).
[[nodiscard]] std::string_view redirect_uri_problem(std::string_view,
                                                    bool is_public_client) noexcept;

struct directory_url {
    bool valid = false;
    bool ldaps = false;
    bool loopback = false;
};
[[nodiscard]] directory_url parse_directory_url(std::string_view) noexcept;

}  // namespace kommpass::policies::grammar
