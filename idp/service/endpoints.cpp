#include "idp/service/endpoints.hpp"

#include "config/settings.hpp"
#include "idp/admin/process_state.hpp"
#include "idp/http/method.hpp"
#include "idp/service/routes.hpp"

namespace kommpass::idp::service {

endpoints::endpoints(const shared_parts& p, boost::asio::io_context& io,
                     directory::member_directories& directories)
    : shared_(p),
      appends_(io, p.memory),
      recorder_(p.time, appends_, p.unproven, p.log),
      identities_(p.registry, directories),
      sso_(p.settings.session, p.time, p.random, p.memory, p.keys, identities_, recorder_),
      operations_{p.settings,        p.time,
                  p.random,          p.memory,
                  p.registry,        p.keys,
                  directories,       p.log,
                  p.state.running,   p.state.found,
                  p.state.sign_ins,  p.state.role_requests,
                  p.state.requests,  p.state.computing,
                  p.state.blocking,  p.state.upkeep,
                  p.registry_changed},
      pages_(p.settings, p.time, p.random, p.keys, p.registry),
      password_(directories, p.throttle, p.keys, recorder_, p.log),
      changes_(directories, p.throttle, p.keys, recorder_, p.log),
      missing_role_(operations_),
      flow_(
          {p.settings, p.time, p.random, p.memory, p.keys, recorder_, sso_, pages_, missing_role_}),
      intake_(p.settings.issuer, p.time, p.memory, p.registry, p.keys, p.client_keys,
              p.request_references),
      authorize_(flow_, intake_),
      account_purpose_(p.settings, p.keys, sso_, pages_),
      device_purpose_(p.settings, sso_, pages_),
      account_parts_{p.settings, p.time, p.memory, p.registry, p.keys, sso_, recorder_, pages_},
      sign_out_parts_{p.settings, p.time, p.memory, p.registry, p.keys, sso_, recorder_, p.log},
      clients_(p.settings.issuer, p.time, p.memory, p.registry, p.client_keys, p.authorities),
      tokens_(p.settings.issuer, p.time, p.memory, p.keys),
      possession_(p.settings, p.time, p.memory, p.keys),
      answers_(p.settings.issuer, p.keys, p.random),
      grants_(p.time, p.random, p.memory, p.keys, identities_, recorder_, tokens_, answers_,
              p.outages),
      gateway_parts_{p.settings, p.time,      p.random, p.memory, p.registry, p.keys,
                     recorder_,  identities_, sso_,     tokens_,  pages_,     missing_role_},
      gateway_purpose_(gateway_parts_),
      gatekeeper_(gateway_parts_),
      authorization_(flow_, intake_),
      pushed_(p.time, p.random, p.memory, recorder_, clients_, possession_, intake_),
      token_(p.memory, p.registry, recorder_, clients_, possession_, grants_),
      userinfo_(p.settings.issuer, p.time, p.registry, p.keys, identities_, tokens_, possession_),
      introspection_(p.settings.issuer, p.time, p.memory, p.registry, p.keys, clients_, tokens_),
      revocation_(p.settings.issuer, p.time, p.memory, p.keys, recorder_, clients_),
      device_authorization_(p.settings.issuer, p.time, p.random, p.memory, clients_),
      device_(
          {p.settings, p.time, p.random, p.memory, p.registry, p.keys, sso_, recorder_, pages_}),
      end_session_(sign_out_parts_),
      sign_out_(sign_out_parts_),
      sign_in_(
          {p.settings, p.time, p.random, p.keys, p.registry, sso_, pages_, password_, changes_},
          {&authorize_, &account_purpose_, &device_purpose_, &gateway_purpose_}),
      gateway_check_(gateway_parts_, gatekeeper_),
      gateway_host_(gateway_parts_, gatekeeper_),
      account_(account_parts_, operations_),
      account_password_(account_parts_, changes_),
      account_role_(account_parts_, operations_),
      api_({operations_, tokens_, possession_, identities_}),
      registration_(operations_),
      console_parts_{operations_, sso_, recorder_,
                     [this](const http::request& request) { return token_(request); }},
      console_(console_parts_),
      break_glass_(console_parts_),
      invitation_(console_parts_) {}

namespace {

using http::method;

template <class Endpoint>
void add_one(http::router& router, std::initializer_list<method> methods, const char* path,
             Endpoint& endpoint, http::route_options options) {
    router.add(
        methods, path, [&endpoint](const http::request& request) { return endpoint(request); },
        options);
}

}  // namespace

// The addresses of `mtls_endpoint_aliases` (RFC 8705, 5).
void endpoints::add_for_certificates(http::router& router) {
    add_one(router, {method::post}, "/token", token_, {});
    add_one(router, {method::post}, "/par", pushed_, {});
    add_one(router, {method::post}, "/device-authorization", device_authorization_, {});
    add_one(router, {method::get, method::post}, "/userinfo", userinfo_, {});
    add_one(router, {method::post}, "/introspect", introspection_, {});
    add_one(router, {method::post}, "/revoke", revocation_, {});
    router.set_not_found([this](const http::request& request) {
        return error_answer(shared_.settings, request, 404);
    });
}

void endpoints::add_to(http::router& router) {
    const auto add = [&](std::initializer_list<method> methods, const char* path, auto& endpoint,
                         http::route_options options = {}) {
        add_one(router, methods, path, endpoint, options);
    };
    const std::initializer_list<method> all_methods{
        method::get, method::put, method::post, method::delete_, method::patch, method::options};
    const std::initializer_list<method> get_or_post{method::get, method::post};
    const http::route_options any_origin{.cors = true};
    add(get_or_post, "/authorize", authorization_);
    add({method::post}, "/par", pushed_, any_origin);
    add({method::post}, "/token", token_, any_origin);
    add(get_or_post, "/userinfo", userinfo_, any_origin);
    add({method::post}, "/introspect", introspection_, any_origin);
    add({method::post}, "/revoke", revocation_, any_origin);
    add({method::post}, "/device-authorization", device_authorization_, any_origin);
    add(get_or_post, "/device", device_);
    add(get_or_post, "/end-session", end_session_);
    add(get_or_post, "/sign-out", sign_out_);
    add(get_or_post, "/sign-in", sign_in_);
    // Envoy asks by the method of the request, and with its path behind ours.
    add(all_methods, "/gateway/check", gateway_check_);
    add(all_methods, "/gateway/check/", gateway_check_);
    add(get_or_post, "/.kommpass/", gateway_host_);
    router.add({method::get}, "/gateway/sign-in",
               [this](const http::request& request) { return gateway_purpose_.begin(request); });
    add(get_or_post, "/account", account_);
    add(get_or_post, "/account/password", account_password_);
    add(get_or_post, "/account/role", account_role_);
    // Every method: what an address has is known to the API alone.
    add(all_methods, "/api/", api_);
    if (shared_.settings.dynamic_registration) {
        add({method::post}, "/register", registration_, any_origin);
        add({method::get, method::put, method::delete_}, "/register/", registration_, any_origin);
    }
    add(get_or_post, "/console", console_);
    add(get_or_post, "/console/", console_);
    add(get_or_post, "/break-glass", break_glass_);
    add(get_or_post, "/invitation", invitation_);
    add_fixed_answers(router, shared_.settings, shared_.keys);
}

}  // namespace kommpass::idp::service
