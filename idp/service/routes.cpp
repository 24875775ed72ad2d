#include "idp/service/routes.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/base64url.hpp"
#include "idp/http/method.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/discovery.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/web/pages.hpp"

namespace kommpass::idp::service {
namespace {

using http::method;

constexpr auto keys_are_fresh_for = "public, max-age=300";
constexpr auto discovery_is_fresh_for = "public, max-age=300";
constexpr auto static_files_never_change = "public, max-age=31536000, immutable";

// A strong tag of the bytes alone: the same on every node that gives the same.
std::string entity_tag(std::string_view body) {
    return '"' + base64url::encode(jose::sha256(body)).substr(0, 22) + '"';
}

http::response cacheable_json(std::shared_ptr<const std::string> body, const std::string& tag,
                              const char* cache_control) {
    http::response answer;
    answer.headers.emplace_back("ETag", tag);
    answer.kind = http::answer_kind::cacheable;
    answer.content_type = "application/json";
    answer.fixed_body = std::move(body);
    answer.cache_control = cache_control;
    return answer;
}

// A document that changes now and then, with its tag. For one thread, as a router's routes are.
struct tagged_document {
    std::shared_ptr<const std::string> body{};
    std::string tag{};

    void take(const std::shared_ptr<const std::string>& newest) {
        if (newest == body) return;
        body = newest;
        tag = entity_tag(*body);
    }
};

void add_metadata(http::router& router, const config::settings& settings,
                  const live<jose::key_ring>& keys) {
    const auto document = std::make_shared<const std::string>(oauth::discovery_document(settings));
    const auto discovery = [document, tag = entity_tag(*document)](const http::request&) {
        return cacheable_json(document, tag, discovery_is_fresh_for);
    };
    for (const auto* path :
         {"/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"}) {
        router.add_immediate({method::get}, path, discovery, {.cors = true});
    }
    router.add_immediate({method::get}, "/jwks",
                         [&keys, now = tagged_document{}](const http::request&) mutable {
                             now.take(keys.get()->jwks_json());
                             return cacheable_json(now.body, now.tag, keys_are_fresh_for);
                         },
                         {.cors = true});
}

void add_static_files(http::router& router) {
    for (const auto& file : web::static_files()) {
        router.add_immediate({method::get}, file.path, [&file](const http::request&) {
            http::response answer;
            answer.kind = http::answer_kind::cacheable;
            answer.content_type = file.content_type;
            answer.fixed_body = file.content;
            answer.cache_control = static_files_never_change;
            return answer;
        });
    }
}

web::error_page_reason reason_for(unsigned status) {
    switch (status) {
        case 404:
            return web::error_page_reason::not_found;
        case 405:
            return web::error_page_reason::method_not_allowed;
        case 413:
        case 414:
        case 431:
            return web::error_page_reason::too_large;
        default:
            break;
    }
    return status >= 500 ? web::error_page_reason::internal : web::error_page_reason::bad_request;
}

}  // namespace

void add_fixed_answers(http::router& router, const config::settings& settings,
                       const live<jose::key_ring>& keys) {
    add_metadata(router, settings, keys);
    router.add_immediate({method::get}, "/",
                         [](const http::request&) { return http::see_other("/account"); });
    add_static_files(router);
    router.set_not_found(
        [&settings](const http::request& request) { return error_answer(settings, request, 404); });
}

void add_health_routes(http::router& router,
                       std::function<std::vector<std::string_view>()> why_not) {
    router.add_immediate({method::get}, "/healthz", [](const http::request&) {
        return http::json(200, R"({"status":"up"})");
    });
    router.add_immediate(
        {method::get}, "/readyz", [why_not = std::move(why_not)](const http::request&) {
            const auto why = why_not();
            if (why.empty()) return http::json(200, R"({"status":"ready"})");
            std::string words;
            for (const auto one : why)
                words += (words.empty() ? "\"" : ",\"") + std::string(one) + "\"";
            return http::json(503, R"({"status":"not ready","because":[)" + words + "]}");
        });
}

http::response error_answer(const config::settings& settings, const http::request& request,
                            unsigned status) {
    return sessions::error_answer(settings, request, status, reason_for(status));
}

}  // namespace kommpass::idp::service
