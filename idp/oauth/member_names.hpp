#pragma once

#include "config/vocabulary/identity.hpp"
#include "policies/registry.hpp"

#include <optional>
#include <string>
#include <string_view>

// What of a directory's answer may tell an application who somebody is. Whoever runs a member's
// directory answers whatever they like, so a value goes out only as far as it speaks for a person
// of that member: in a form that no person of another member can have, or not at all.
namespace kommpass::idp::oauth {

// The login name with the member's domain, unique over all members: "anna.noack@amt-lebus.example".
// A login name that is one already ("anna.noack@amt-lebus.example") stays. Without a domain the
// slug stands in, which no domain equals. Empty for what is no plain name: '@' of another domain,
// blanks, control characters, letters beyond those of German, Sorbian, Polish and Czech, over 64
// bytes.
[[nodiscard]] std::string unique_name(const identity&, const policies::member&);

struct released_mail {
    std::string address;  // its domain as A-labels in lower case
    bool verified;        // its domain is one of the member's
};
// The mailbox, if it is one plain address; one of another domain as the client is to learn of it.
[[nodiscard]] std::optional<released_mail> mail_for(const identity&, const policies::member&,
                                                    policies::foreign_mail);

// A name that people read: control and format characters gone, one line; empty if it is no UTF-8 or
// over 256 bytes.
[[nodiscard]] std::string shown_text(std::string_view);

}  // namespace kommpass::idp::oauth
