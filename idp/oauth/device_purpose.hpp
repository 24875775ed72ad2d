#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/login/purpose.hpp"

namespace kommpass::config {
struct settings;
}
namespace kommpass::idp::login {
class sign_in_pages;
}
namespace kommpass::idp::sessions {
class single_sign_on;
}

namespace kommpass::idp::oauth {

inline constexpr std::string_view device_purpose_name = "device";

// Signing in to answer a device (RFC 8628, 3.3): their session begins, and the page for the code
// follows, with the code that the parameters name (`user_code`). One I/O thread only, that of
// `sso`.
class device_purpose final : public login::purpose {
public:
    device_purpose(const config::settings& settings, sessions::single_sign_on& sso,
                   const login::sign_in_pages& pages)
        : settings_(settings), sso_(sso), pages_(pages) {}

    [[nodiscard]] std::string_view name() const noexcept override { return device_purpose_name; }
    [[nodiscard]] boost::asio::awaitable<opened> open(const http::request&,
                                                      std::string_view parameters) override;

private:
    const config::settings& settings_;
    sessions::single_sign_on& sso_;
    const login::sign_in_pages& pages_;
};

// The page's address with a code that was typed or linked; without one that is none.
[[nodiscard]] std::string device_page_address(std::string_view typed_code);

}  // namespace kommpass::idp::oauth
