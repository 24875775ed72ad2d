#pragma once

#include "config/vocabulary/strong_string.hpp"

#include <string>
#include <vector>

// What an application's entry says of forward-auth: its proxy asks about every request, and hands
// on who the person is. Plain values; `validate_gateway` judges them.
namespace kommpass::policies {

// How a value that is not plain ASCII stands in a header.
enum class header_format {
    percent,  // "J%C3%B6rg"
    rfc2047,  // "=?UTF-8?B?SsO2cmc=?="
    utf8,     // as it is, for applications that read bytes
};

// What holds for a part of the application. The longest path wins; of two with one path the one
// that names the method.
struct gateway_rule {
    std::string path;                    // "/admin/": all below it and itself; "/health": just that
    std::vector<std::string> methods{};  // "GET"; none: all
    bool open = false;                   // for everybody, signed in or not
    std::vector<role_name> roles{};      // one of these, of the application's own
    std::vector<std::string> require_acr{};  // one of these, beside what the application demands
    friend bool operator==(const gateway_rule&, const gateway_rule&) = default;
};

// The names of the headers; empty: not sent.
struct gateway_headers {
    std::string user = "Remote-User";  // the login name: ASCII whatever the format
    std::string subject;               // pairwise, as clients of this application see the person
    std::string name = "Remote-Name";
    std::string mail = "Remote-Email";
    std::string member = "Remote-Member";
    std::string roles = "Remote-Groups";
    std::string acr;
    std::string assertion;  // a signed JWT with all of it, for this application alone
    header_format format = header_format::percent;
    friend bool operator==(const gateway_headers&, const gateway_headers&) = default;
};

struct gateway_entry {
    // As the browser writes them, "fachverfahren.example.org"; with a port other than 443
    // "fachverfahren.example.org:8443". None: no proxy may ask for this application.
    std::vector<std::string> hosts;
    bool pass_preflight = false;  // OPTIONS of a CORS preflight reaches the application
    gateway_headers headers;
    std::vector<gateway_rule> rules;
    friend bool operator==(const gateway_entry&, const gateway_entry&) = default;
};

}  // namespace kommpass::policies
