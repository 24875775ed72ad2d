#pragma once

#include "idp/account/account_endpoint.hpp"
#include "idp/account/account_purpose.hpp"
#include "idp/account/missing_role.hpp"
#include "idp/account/password_endpoint.hpp"
#include "idp/account/role_request_endpoint.hpp"
#include "idp/api/api_endpoint.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/audit/shared_append.hpp"
#include "idp/console/console_endpoint.hpp"
#include "idp/console/one_time_entry.hpp"
#include "idp/gateway/check_endpoint.hpp"
#include "idp/gateway/gatekeeper.hpp"
#include "idp/gateway/gateway_purpose.hpp"
#include "idp/gateway/host_endpoint.hpp"
#include "idp/http/router.hpp"
#include "idp/login/password_change.hpp"
#include "idp/login/password_factor.hpp"
#include "idp/login/sign_in_endpoint.hpp"
#include "idp/login/sign_in_pages.hpp"
#include "idp/oauth/authorization_endpoint.hpp"
#include "idp/oauth/authorization_flow.hpp"
#include "idp/oauth/authorization_purpose.hpp"
#include "idp/oauth/client_authentication.hpp"
#include "idp/oauth/device_authorization_endpoint.hpp"
#include "idp/oauth/device_endpoint.hpp"
#include "idp/oauth/device_purpose.hpp"
#include "idp/oauth/end_session_endpoint.hpp"
#include "idp/oauth/grants.hpp"
#include "idp/oauth/introspection_endpoint.hpp"
#include "idp/oauth/live_tokens.hpp"
#include "idp/oauth/possession.hpp"
#include "idp/oauth/pushed_authorization_endpoint.hpp"
#include "idp/oauth/request_intake.hpp"
#include "idp/oauth/revocation_endpoint.hpp"
#include "idp/oauth/token_endpoint.hpp"
#include "idp/oauth/userinfo_endpoint.hpp"
#include "idp/registration/registration_endpoint.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/sessions/single_sign_on.hpp"

#include <boost/asio/io_context.hpp>

namespace kommpass::idp::service {

// Every endpoint of one I/O thread, with what they need of their own: the wiring of the rooms. In
// the order in which one needs the other.
class endpoints {
public:
    // Everything that is given outlives this.
    endpoints(const shared_parts&, boost::asio::io_context&, directory::member_directories&);
    endpoints(const endpoints&) = delete;

    // Every address of the service, in one table. This outlives the router.
    void add_to(http::router&);
    // Those that clients call directly, and nothing else: what the listener serves that asks for
    // client certificates. This outlives the router.
    void add_for_certificates(http::router&);

    [[nodiscard]] const admin::operation_services& operations() const { return operations_; }
    [[nodiscard]] const oauth::grants& grants() const { return grants_; }

private:
    const shared_parts& shared_;
    audit::shared_append appends_;
    audit::recorder recorder_;
    sessions::current_identities identities_;
    sessions::single_sign_on sso_;
    admin::operation_services operations_;

    login::sign_in_pages pages_;
    login::password_factor password_;
    login::password_change changes_;
    account::missing_role missing_role_;
    oauth::authorization_flow flow_;
    oauth::request_intake intake_;
    oauth::authorization_purpose authorize_;
    account::account_purpose account_purpose_;
    oauth::device_purpose device_purpose_;
    account::account_parts account_parts_;
    oauth::sign_out_parts sign_out_parts_;
    oauth::client_authenticator clients_;
    oauth::live_tokens tokens_;
    oauth::possession_checks possession_;
    oauth::token_answers answers_;
    oauth::grants grants_;
    gateway::gateway_parts gateway_parts_;
    gateway::gateway_purpose gateway_purpose_;
    gateway::gatekeeper gatekeeper_;

    oauth::authorization_endpoint authorization_;
    oauth::pushed_authorization_endpoint pushed_;
    oauth::token_endpoint token_;
    oauth::userinfo_endpoint userinfo_;
    oauth::introspection_endpoint introspection_;
    oauth::revocation_endpoint revocation_;
    oauth::device_authorization_endpoint device_authorization_;
    oauth::device_endpoint device_;
    oauth::end_session_endpoint end_session_;
    oauth::sign_out_endpoint sign_out_;
    login::sign_in_endpoint sign_in_;
    gateway::check_endpoint gateway_check_;
    gateway::host_endpoint gateway_host_;
    account::account_endpoint account_;
    account::password_endpoint account_password_;
    account::role_request_endpoint account_role_;
    api::api_endpoint api_;
    registration::registration_endpoint registration_;
    console::console_parts console_parts_;
    console::console_endpoint console_;
    console::break_glass_endpoint break_glass_;
    console::invitation_endpoint invitation_;
};

}  // namespace kommpass::idp::service
