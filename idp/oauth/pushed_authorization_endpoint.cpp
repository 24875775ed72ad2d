#include "idp/oauth/pushed_authorization_endpoint.hpp"

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/audit/events.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/hash.hpp"
#include "idp/oauth/client_authentication.hpp"
#include "idp/oauth/form_request.hpp"
#include "idp/oauth/possession.hpp"
#include "idp/oauth/pushed_reference.hpp"
#include "idp/oauth/request_intake.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/pushed_requests.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

// How long a browser may take to come with it; then the sign-in has as long as its pages have.
constexpr auto lifetime = std::chrono::seconds(90);
constexpr auto longest_sign_in = std::chrono::hours(1);

}  // namespace

awaitable<http::response> pushed_authorization_endpoint::operator()(const http::request& request) {
    const auto form = read_form_body(request);
    if (!form) co_return to_response(form.error());
    const auto caller = co_await clients_.authenticate(request, *form);
    if (!caller) co_return to_response(caller.error());
    const auto& client = *caller->client;
    const auto proven = co_await possession_.if_shown(request);
    if (!proven) co_return to_response(proven.error());
    const bool by_dpop = proven->key.by == key_confirmation::kind::dpop;
    const auto key = by_dpop ? std::string_view(proven->key.thumbprint) : std::string_view();
    const auto judged = co_await intake_.from_client(caller->registry, client, *form, key);
    if (!judged) co_return co_await refuse(request, *caller, judged.error());

    const auto now = time_.now();
    const auto token = random_.token(32);
    const store::pushed_request kept{jose::sha256(token), client.id, judged->kept, now + lifetime,
                                     now + lifetime + longest_sign_in};
    const auto& how = judged->how;
    auto work = [&](store::transaction& t) {
        arrival object;
        object.object_id = how.object_id;
        object.object_forgotten = how.object_forgotten;
        const bool first = use_up(t, object, client.id.view(), now);
        if (first) t.pushed_requests().put(kept);
        return first;
    };
    const auto done = co_await memory_.write(work);
    if (!done)
        co_return to_response(token_error::temporarily_unavailable("the store does not answer"));
    if (!*done) {
        auto replayed = authorization_error("invalid_request_object",
                                            "the request object was already used (jti)");
        co_return co_await refuse(request, *caller, std::move(replayed));
    }
    const boost::json::object answer{{"request_uri", pushed_reference::uri_of(token)},
                                     {"expires_in", lifetime.count()}};
    auto given = http::json(201, boost::json::serialize(answer));
    offer_nonce(given, *proven);
    co_return given;
}

// In the log, where the application's operator looks for it: the browser will never come.
awaitable<http::response> pushed_authorization_endpoint::refuse(const http::request& request,
                                                                const authenticated_client& caller,
                                                                protocol_error error) {
    auto record = recorder_.record_of(request, audit::event::authorization_refused, error.code);
    record.client = caller.client->id;
    record.detail_json = audit::detail({{"description", error.description}, {"at", "par"}});
    co_await recorder_.append(std::move(record));
    co_return to_response(error);
}

}  // namespace kommpass::idp::oauth
