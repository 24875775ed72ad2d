#pragma once

#include "idp/login/purpose.hpp"

namespace kommpass::config {
struct settings;
}
namespace kommpass::idp::sessions {
class single_sign_on;
}

namespace kommpass::idp::account {

inline constexpr std::string_view account_purpose_name = "account";

// Signing in for the person's own pages: their session begins, and /account follows. It has no
// parameters. One I/O thread only, that of `sso`.
class account_purpose final : public login::purpose {
public:
    account_purpose(const config::settings& settings, sessions::single_sign_on& sso)
        : settings_(settings), sso_(sso) {}

    [[nodiscard]] std::string_view name() const noexcept override { return account_purpose_name; }
    [[nodiscard]] boost::asio::awaitable<opened> open(const http::request&,
                                                      std::string_view parameters) override;

private:
    const config::settings& settings_;
    sessions::single_sign_on& sso_;
};

}  // namespace kommpass::idp::account
