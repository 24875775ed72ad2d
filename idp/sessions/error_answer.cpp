#include "idp/sessions/error_answer.hpp"

#include "idp/http/response.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/web/pages.hpp"

namespace kommpass::idp::sessions {

http::response error_answer(const config::settings& settings, const http::request& request,
                            unsigned status, web::error_page_reason reason, std::string detail) {
    const web::error_page page{reason, std::move(detail), {}, {}};
    return http::html(status, web::render(frame_for(settings, request), page));
}

}  // namespace kommpass::idp::sessions
