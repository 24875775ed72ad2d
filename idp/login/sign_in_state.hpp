#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::login {

// Where a sign-in stands. README.md has the machine.
enum class stage : std::uint8_t {
    identify,         // who, and their first factor
    password_notice,  // signed in, and told that the password expires soon
    consent,          // signed in, and asked whether the application may
    sign_out,         // signed in, and asked whether to sign out
    new_password,     // the password was right, and has to be changed first
    refused,          // signed in, and told why it does not lead on
    signed_out,       // signed out: on to whoever asked for it
};

// Why the page asks for the password of a member: chosen_member.hpp has what follows from it.
enum class member_choice : std::uint8_t {
    none,       // it asks for none yet
    by_domain,  // the name has one of its domains
    chosen,     // picked on the page, remembered after a sign-in there, or the session's own
};

// One sign-in under way, carried by the pages themselves as a sealed hidden field: nothing is
// stored for people who only look at the page. It works only in the browser it was made for, so
// that a link prepared by another does not sign one in as them.
struct sign_in_state {
    std::string purpose;  // `purpose::name`: "authorize", "account"
    login::stage stage = login::stage::identify;
    std::string parameters;  // of the purpose, application/x-www-form-urlencoded
    std::string browser;     // value of the browser cookie
    instant started{};       // when this page was made

    // Whom the page names and whose password it asks for; empty: nobody's yet. Stands here and in
    // no field, so that nothing that a link or a form says can change it.
    member_slug member{};
    member_choice chosen = member_choice::none;
    bool renews = false;       // a session that has to be proven anew: the name is fixed
    bool expiry_told = false;  // that the password expires soon has been said
    std::string session{};     // id of the session that a page after the sign-in was made for
    std::string user_name{};   // whose password is to be changed
    // Of the grace sign-in before this page: what the directory keeps for the change.
    std::string connection{};
    bool anew = false;  // begun once more, since the page before was of another browser, or too old

    static constexpr std::size_t longest_parameters = 8 * 1024;
    static constexpr auto lifetime = std::chrono::hours(1);

    [[nodiscard]] std::string seal(const jose::key_ring&) const;
    // As plain text, for what carries a state and seals it: `read` takes what `text` gave.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] static std::optional<sign_in_state> read(std::string_view text);
    // Nothing for what `seal` did not make. Age and browser are the caller's to judge: an old state
    // can still be told from a foreign one.
    [[nodiscard]] static std::optional<sign_in_state> open(std::string_view sealed,
                                                           const jose::key_ring&);
};

}  // namespace kommpass::idp::login
