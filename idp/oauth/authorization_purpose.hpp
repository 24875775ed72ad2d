#pragma once

#include "config/vocabulary/live.hpp"
#include "idp/login/purpose.hpp"
#include "idp/oauth/authorization_flow.hpp"

namespace kommpass::idp::oauth {

// Signing in for an application: the parameters are those of its authorization request, and the
// code follows. One I/O thread only, that of the flow.
class authorization_purpose final : public login::purpose {
public:
    authorization_purpose(authorization_flow& flow, const live<policies::snapshot>& registry,
                          const live<jose::key_ring>& keys, const config::settings& settings)
        : flow_(flow), registry_(registry), keys_(keys), settings_(settings) {}

    [[nodiscard]] std::string_view name() const noexcept override { return authorize_purpose; }
    [[nodiscard]] boost::asio::awaitable<opened> open(const http::request&,
                                                      std::string_view parameters) override;

private:
    authorization_flow& flow_;
    const live<policies::snapshot>& registry_;
    const live<jose::key_ring>& keys_;
    const config::settings& settings_;
};

}  // namespace kommpass::idp::oauth
