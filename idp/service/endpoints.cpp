#include "idp/service/endpoints.hpp"

#include "idp/service/routes.hpp"

namespace kommpass::idp::service {

endpoints::endpoints(provider& p)
    : parts_(p),
      pages_(p.settings, p.time, p.random, p.keys, p.registry),
      password_(p.directories, p.throttle, p.recorder, p.log),
      changes_(p.directories, p.throttle, p.recorder, p.log),
      missing_role_(p),
      flow_({p.settings, p.time, p.random, p.memory, p.keys, p.recorder, p.sso, missing_role_}),
      authorize_(flow_, p.registry, p.keys, p.settings),
      account_purpose_(p.settings, p.sso),
      account_parts_{p.settings, p.time, p.memory, p.registry, p.keys, p.sso, p.recorder, pages_},
      sign_out_parts_{p.settings, p.time, p.memory, p.registry, p.keys, p.sso, p.recorder, p.log},
      authorization_(flow_, pages_, p.sso, p.time, p.registry, p.keys),
      end_session_(sign_out_parts_),
      sign_out_(sign_out_parts_),
      sign_in_({p.settings, p.time, p.keys, p.registry, p.sso, pages_, password_, changes_},
               {&authorize_, &account_purpose_}),
      account_(account_parts_, p),
      account_password_(account_parts_, changes_),
      account_role_(account_parts_, p) {}

void endpoints::add_to(http::router& router) {
    using http::method;
    const auto add = [&](std::initializer_list<method> methods, const char* path, auto& endpoint,
                         http::route_options options = {}) {
        router.add(
            methods, path, [&endpoint](const http::request& request) { return endpoint(request); },
            options);
    };
    const std::initializer_list<method> get_or_post{method::get, method::post};
    add(get_or_post, "/authorize", authorization_);
    add(get_or_post, "/end-session", end_session_);
    add({method::post}, "/sign-out", sign_out_);
    add({method::post}, "/sign-in", sign_in_);
    add(get_or_post, "/account", account_);
    add(get_or_post, "/account/password", account_password_);
    add(get_or_post, "/account/role", account_role_);
    add_routes(router, parts_);
}

}  // namespace kommpass::idp::service
