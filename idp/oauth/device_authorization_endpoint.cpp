#include "idp/oauth/device_authorization_endpoint.hpp"

#include "config/vocabulary/randomness.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/hash.hpp"
#include "idp/oauth/client_authentication.hpp"
#include "idp/oauth/device_codes.hpp"
#include "idp/oauth/form_request.hpp"
#include "idp/oauth/protocol_error.hpp"
#include "idp/oauth/resource.hpp"
#include "idp/oauth/scope.hpp"
#include "idp/oauth/user_code.hpp"
#include "idp/store/device_requests.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

// What the device asks for; of what it may not have it hears nothing more than that it is not in
// the token answer.
protocol_result<store::device_request> parse(const http::form& form,
                                             const policies::client& client) {
    if (!contains(client.grant_types, policies::grant_types::device_code))
        return token_error::unauthorized_client(
            "the client is not registered for the device grant");
    store::device_request asked;
    asked.client = client.id;
    asked.scope = client.scopes;
    if (const auto text = form.get("scope")) {
        const auto parsed = parse_scope(*text);
        if (!parsed) return token_error::invalid_scope("scope has a character that it cannot have");
        asked.scope = only_allowed(*parsed, client.scopes);
    }
    if (!contains(client.grant_types, policies::grant_types::refresh_token))
        std::erase(asked.scope, scopes::offline_access);
    if (asked.scope.empty())
        return token_error::invalid_scope("the client is registered for none of these scopes");
    asked.resources = resources_in(form);
    if (!are_allowed(asked.resources, {}, client)) return token_error::invalid_target();
    return asked;
}

http::response answer_with(const std::string& issuer, const std::string& device_code,
                           const std::string& shown) {
    const auto page = issuer + "/device";
    const boost::json::object body{{"device_code", device_code},
                                   {"user_code", shown},
                                   {"verification_uri", page},
                                   {"verification_uri_complete", page + "?user_code=" + shown},
                                   {"expires_in", std::chrono::seconds(device::lifetime).count()},
                                   {"interval", device::first_interval}};
    return http::json(200, boost::json::serialize(body));
}

}  // namespace

awaitable<http::response> device_authorization_endpoint::operator()(const http::request& request) {
    const auto form = read_form_body(request);
    if (!form) co_return to_response(form.error());
    const auto caller = co_await clients_.authenticate(request, *form);
    if (!caller) co_return to_response(caller.error());
    auto asked = parse(*form, *caller->client);
    if (!asked) co_return to_response(asked.error());
    const auto now = time_.now();
    asked->address = request.peer.to_string();
    asked->asked_at = now;
    asked->polled_at =
        now - std::chrono::seconds(device::first_interval);  // the first is not early
    asked->expires_at = now + device::lifetime;
    asked->interval_seconds = device::first_interval;
    const auto device_code = random_.token(32);
    asked->device_code_hash = jose::sha256(device_code);
    std::string code;
    auto work = [&](store::transaction& t) {
        constexpr int tries = 5;  // two of them alike are one in millions, while a million wait
        for (int i = 0; i < tries; ++i) {
            code = user_code::make(random_);
            asked->user_code_hash = jose::sha256(code);
            if (t.devices().put(*asked)) return true;
        }
        return false;
    };
    const auto kept = co_await memory_.write(work);
    if (!kept || !*kept)
        co_return to_response(token_error::temporarily_unavailable("the store does not answer"));
    co_return answer_with(issuer_, device_code, user_code::shown(code));
}

}  // namespace kommpass::idp::oauth
