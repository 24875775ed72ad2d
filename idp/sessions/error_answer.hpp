#pragma once

#include <string>

namespace kommpass::idp::web {
enum class error_page_reason;
}

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass::config {
struct settings;
}

namespace kommpass::idp::sessions {

// A page that says why something was not done, in the language of this browser. `detail`: a line
// for who looks after the application; never a secret.
[[nodiscard]] http::response error_answer(const config::settings&, const http::request&,
                                          unsigned status, web::error_page_reason,
                                          std::string detail = {});

}  // namespace kommpass::idp::sessions
