#pragma once

#include "config/vocabulary/clock.hpp"
#include "idp/jose/key_ring.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::login {

// What a sign-in is for.
enum class errand {
    authorize,  // `parameters` are those of the authorization request
    consent,    // likewise; the person is signed in and is asked
    account,    // the person's own page
    sign_out,   // `parameters` are those of the logout request
    // The person is signed in and is told that the password expires; then on to the authorization
    // that `parameters` mean, or without any to their own page.
    password_notice,
};

// One sign-in under way, carried by the pages themselves as a sealed hidden field: nothing is
// stored for people who only look at the page. It works only in the browser it was made for, so
// that a link prepared by another does not sign one in as them.
struct sign_in_transaction {
    login::errand errand = login::errand::authorize;
    std::string parameters;  // application/x-www-form-urlencoded
    std::string browser;     // value of the browser cookie
    instant started{};

    static constexpr std::size_t longest_parameters = 8 * 1024;
    static constexpr auto lifetime = std::chrono::hours(1);

    [[nodiscard]] std::string seal(const jose::key_ring&) const;
    // Nothing for what `seal` did not make. Age and browser are the caller's to judge: an old
    // transaction can still be told from a foreign one.
    [[nodiscard]] static std::optional<sign_in_transaction> open(std::string_view sealed,
                                                                 const jose::key_ring&);
};

}  // namespace kommpass::idp::login
