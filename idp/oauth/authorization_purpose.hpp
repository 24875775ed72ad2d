#pragma once

#include "idp/login/purpose.hpp"
#include "idp/oauth/authorization_flow.hpp"

namespace kommpass::idp::oauth {

class request_intake;

// Signing in for an application: the parameters are those of its authorization request, and the
// code follows. One I/O thread only, that of the flow.
class authorization_purpose final : public login::purpose {
public:
    authorization_purpose(authorization_flow& flow, request_intake& intake)
        : flow_(flow), intake_(intake) {}

    [[nodiscard]] std::string_view name() const noexcept override { return authorize_purpose; }
    [[nodiscard]] boost::asio::awaitable<opened> open(const http::request&,
                                                      std::string_view parameters) override;

private:
    authorization_flow& flow_;
    request_intake& intake_;
};

}  // namespace kommpass::idp::oauth
