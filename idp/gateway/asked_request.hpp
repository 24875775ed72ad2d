#pragma once

#include "config/vocabulary/result.hpp"
#include "idp/gateway/requested_path.hpp"

#include <string>
#include <string_view>

namespace kommpass::idp::http {
struct request;
}
namespace kommpass::policies {
struct application;
class snapshot;
}  // namespace kommpass::policies

namespace kommpass::idp::gateway {

// Where a proxy stands: the application whose entry has the host.
struct asked_host {
    const policies::application* application;
    std::string host;  // as the entry writes it
};

// What a browser asks an application for, as its proxy tells it.
struct asked_request {
    asked_host at;
    std::string uri;  // path and query, as in the request line
    requested_path path;
    std::string method;
    bool is_background = false;  // no navigation: nobody looks at a page that is answered
    bool is_preflight = false;   // of CORS (Fetch, 3.2)
};

// Why nothing can be said: a word for the log and the answer's body.
using asked_error = std::string_view;

// The host of X-Forwarded-Host, over https. Header lines of this kind reach us from trusted proxies
// alone (`http::forget_what_proxies_say`). Points into the snapshot. Pure, as what follows.
[[nodiscard]] result<asked_host, asked_error> read_asked_host(const http::request&,
                                                              const policies::snapshot&);
// The same with X-Forwarded-Uri and X-Forwarded-Method: each once, none missing.
[[nodiscard]] result<asked_request, asked_error> read_asked(const http::request&,
                                                            const policies::snapshot&);

// A path and query to come back to on this host; "/" for what is none.
[[nodiscard]] std::string safe_return(std::string_view uri);

// The application whose entry has this host; null: none has.
[[nodiscard]] const policies::application* application_at(const policies::snapshot&,
                                                          std::string_view host);

}  // namespace kommpass::idp::gateway
