#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace kommpass::idp::http {

// Which of the fixed sets of security headers an answer gets.
enum class answer_kind {
    page,       // HTML: strict CSP, no-store, nosniff, frame-ancestors 'none', referrer-policy
    api,        // JSON and other protocol answers: no-store, nosniff
    cacheable,  // discovery, JWKS, static files: `cache_control` says how long
};

struct response {
    unsigned status = 200;
    answer_kind kind = answer_kind::api;
    std::string content_type;  // empty: no body
    std::string body;
    std::shared_ptr<const std::string>
        fixed_body;             // made beforehand and shared; used in place of `body`
    std::string cache_control;  // for `cacheable`
    // More of the CSP than the page's default, e.g. "form-action 'self' https://client.example" or
    // a script hash.
    std::string form_action;    // replaces 'self' in form-action
    std::string image_source;   // one more origin for images of the page
    std::string script_hash;    // "sha256-..." for the one script of the form_post page
    std::string frame_sources;  // CSP sources of what the page shows in frames; empty: nothing
    std::vector<std::pair<std::string, std::string>>
        headers;                    // Location, Set-Cookie, WWW-Authenticate, ...
    bool own_scripts = false;       // the page runs scripts of ours, which ask us alone
    bool allow_any_origin = false;  // CORS without credentials
};

[[nodiscard]] response see_other(std::string location);  // 303
[[nodiscard]] response json(unsigned status,
                            std::string body);  // application/json, answer_kind::api
[[nodiscard]] response html(unsigned status,
                            std::string body);  // text/html; charset=utf-8, answer_kind::page

}  // namespace kommpass::idp::http
