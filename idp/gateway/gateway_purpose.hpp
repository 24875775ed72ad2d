#pragma once

#include "idp/gateway/gateway_parts.hpp"
#include "idp/login/purpose.hpp"

namespace kommpass::idp::gateway {

inline constexpr std::string_view gateway_purpose_name = "gateway";

// Signing in for an application behind a proxy: whether the person may use what they asked for,
// then a code that gives a session at the application's host. One I/O thread only.
class gateway_purpose final : public login::purpose {
public:
    explicit gateway_purpose(gateway_parts parts) : parts_(parts) {}

    [[nodiscard]] std::string_view name() const noexcept override { return gateway_purpose_name; }
    // `parameters`: "way=...", as `way_in` was sealed.
    [[nodiscard]] boost::asio::awaitable<opened> open(const http::request&,
                                                      std::string_view parameters) override;
    // GET /gateway/sign-in?way=...: with a session straight on, else to the sign-in pages.
    [[nodiscard]] boost::asio::awaitable<http::response> begin(const http::request&);

private:
    gateway_parts parts_;
};

}  // namespace kommpass::idp::gateway
