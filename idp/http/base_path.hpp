#pragma once

#include <string>
#include <string_view>

namespace kommpass::idp::http {

struct request;
struct response;

// The path below which the issuer lies ("https://host/auth": "/auth"), or none. Handlers and pages
// know nothing of it: it is taken off every request and put on every answer, here.
class base_path {
public:
    explicit base_path(std::string_view issuer);

    // Whether a proxy in front has taken it off already or not: both are served. Also the place
    // of RFC 8414, 3.1: "/.well-known/oauth-authorization-server/auth".
    void take_off(request&) const;
    // On what leads to a path of ours: Location, and the addresses in a page. A page's values are
    // escaped, so that a quotation mark is always one of ours.
    void put_on(response&) const;

private:
    std::string path_;  // "/auth", "/a/b"; empty: the issuer is the whole host
};

}  // namespace kommpass::idp::http
