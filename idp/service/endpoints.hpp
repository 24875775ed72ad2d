#pragma once

#include "idp/account/account_endpoint.hpp"
#include "idp/account/account_purpose.hpp"
#include "idp/account/missing_role.hpp"
#include "idp/account/password_endpoint.hpp"
#include "idp/account/role_request_endpoint.hpp"
#include "idp/http/router.hpp"
#include "idp/login/password_change.hpp"
#include "idp/login/password_factor.hpp"
#include "idp/login/sign_in_endpoint.hpp"
#include "idp/login/sign_in_pages.hpp"
#include "idp/oauth/authorization_endpoint.hpp"
#include "idp/oauth/authorization_flow.hpp"
#include "idp/oauth/authorization_purpose.hpp"
#include "idp/oauth/end_session_endpoint.hpp"
#include "idp/provider.hpp"

namespace kommpass::idp::service {

// Every endpoint of one I/O thread, made from what that thread has. The wiring of the rooms: what
// somebody signs in for, and who is told what.
class endpoints {
public:
    // Everything that `parts` refers to outlives this.
    explicit endpoints(provider& parts);
    endpoints(const endpoints&) = delete;

    // Every address of the service, in one table. This outlives the router.
    void add_to(http::router&);

private:
    provider& parts_;
    login::sign_in_pages pages_;
    login::password_factor password_;
    login::password_change changes_;
    account::missing_role missing_role_;
    oauth::authorization_flow flow_;
    oauth::authorization_purpose authorize_;
    account::account_purpose account_purpose_;
    account::account_parts account_parts_;
    oauth::sign_out_parts sign_out_parts_;

    oauth::authorization_endpoint authorization_;
    oauth::end_session_endpoint end_session_;
    oauth::sign_out_endpoint sign_out_;
    login::sign_in_endpoint sign_in_;
    account::account_endpoint account_;
    account::password_endpoint account_password_;
    account::role_request_endpoint account_role_;
};

}  // namespace kommpass::idp::service
