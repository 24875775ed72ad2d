#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/login/purpose.hpp"

namespace kommpass::config {
struct settings;
}
namespace kommpass::idp::http {
struct request;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::login {
class sign_in_pages;
}
namespace kommpass::idp::sessions {
class single_sign_on;
}

namespace kommpass::idp::account {

inline constexpr std::string_view account_purpose_name = "account";

// The parameters of the purpose for whom this request asked in vain: the page, and what was typed
// into its form, so that it is there again after the sign-in. No password, and no more than fits.
[[nodiscard]] std::string parameters_for(const http::request&);

// Signing in for the person's own pages: their session begins, and the page that the parameters
// name follows. One I/O thread only, that of `sso`.
class account_purpose final : public login::purpose {
public:
    account_purpose(const config::settings& settings, const live<jose::key_ring>& keys,
                    sessions::single_sign_on& sso, const login::sign_in_pages& pages)
        : settings_(settings), keys_(keys), sso_(sso), pages_(pages) {}

    [[nodiscard]] std::string_view name() const noexcept override { return account_purpose_name; }
    [[nodiscard]] boost::asio::awaitable<opened> open(const http::request&,
                                                      std::string_view parameters) override;

private:
    const config::settings& settings_;
    const live<jose::key_ring>& keys_;
    sessions::single_sign_on& sso_;
    const login::sign_in_pages& pages_;
};

}  // namespace kommpass::idp::account
