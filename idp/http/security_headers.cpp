#include "idp/http/security_headers.hpp"

namespace kommpass::idp::http {
namespace {

constexpr std::string_view policy_up_to_images =
    "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self' data:";
constexpr std::string_view policy_up_to_form_action =
    "; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action ";

// A source in a policy ends at ';' and a policy at ','; a URI may hold both (CSP3, 2.3.1).
void append_source(std::string& head, std::string_view source) {
    for (const char c : source) {
        if (c == ';') {
            head += "%3B";
        } else if (c == ',') {
            head += "%2C";
        } else {
            head += c;
        }
    }
}

}  // namespace

security_headers::security_headers(bool https) {
    every_ = "X-Content-Type-Options: nosniff\r\n";
    if (https) every_ += "Strict-Transport-Security: max-age=31536000\r\n";
    // Pragma: RFC 6749, 5.1 asks for it beside Cache-Control.
    api_ = every_ + "Cache-Control: no-store\r\nPragma: no-cache\r\n";
    page_ = every_ +
            "Cache-Control: no-store\r\n"
            "Referrer-Policy: no-referrer\r\n"
            "X-Frame-Options: DENY\r\n"
            "Cross-Origin-Opener-Policy: same-origin\r\n"
            "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n";
}

void security_headers::append_to(std::string& head, const response& answer) const {
    switch (answer.kind) {
        case answer_kind::api:
            head += api_;
            return;
        case answer_kind::page:
            head += page_;
            append_page_policy(head, answer);
            return;
        case answer_kind::cacheable:
            head += every_;
            head += "Cache-Control: ";
            head += answer.cache_control.empty() ? std::string_view("no-cache")
                                                 : std::string_view(answer.cache_control);
            head += "\r\n";
            return;
    }
}

void security_headers::append_page_policy(std::string& head, const response& answer) const {
    head += policy_up_to_images;
    if (!answer.image_source.empty()) {
        head += ' ';
        append_source(head, answer.image_source);
    }
    head += policy_up_to_form_action;
    if (answer.form_action.empty()) {
        head += "'self'";
    } else {
        append_source(head, answer.form_action);
    }
    if (!answer.frame_sources.empty()) {
        head += "; frame-src ";
        append_source(head, answer.frame_sources);
    }
    if (answer.own_scripts) head += "; script-src 'self'; connect-src 'self'";
    if (!answer.script_hash.empty()) {
        head += "; script-src '";
        head += answer.script_hash;
        head += '\'';
    }
    head += "\r\n";
}

}  // namespace kommpass::idp::http
