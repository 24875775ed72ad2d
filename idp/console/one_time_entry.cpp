#include "idp/console/one_time_entry.hpp"
#include "idp/admin/one_time_code.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/replays.hpp"
#include "idp/store/transaction.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/audit/events.hpp"
#include "idp/console/session_cookie.hpp"
#include "idp/http/form_body.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/observe/log.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/store/store.hpp"
#include "idp/web/console_page.hpp"
#include "idp/web/pages.hpp"

namespace kommpass::idp::console {
namespace {

using boost::asio::awaitable;

http::response over(const console_parts& p, const http::request& request, unsigned status) {
    if (status == 503)
        return sessions::error_answer(p.operations.settings, request, status,
                                      web::error_page_reason::internal);
    const auto frame = sessions::frame_for(p.operations.settings, request);
    return http::html(status, web::render_one_time_link(frame, "link_over", {}));
}

struct entry {
    const code_kind& kind;
    audit::event used;
    const char* field;          // what `about` is, in the audit log
    const char* template_name;  // of the page that asks first
    const char* log_used;
    const char* log_refused;
};

store::audit_record record_for(const console_parts& p, const http::request& request,
                               const entry& way, const one_time_code& code,
                               std::string_view result) {
    auto made = p.recorder.record_of(request, way.used, result);
    made.detail_json = audit::detail({{way.field, code.about}});
    if (&way.kind == &invitation) made.member = member_slug(code.about);
    return made;
}

// Who has used it, in this browser, and comes with it again.
bool is_theirs(const http::request& request, const jose::key_ring& keys, const entry& way,
               const one_time_code& code, instant now) {
    const auto session = session_of(request, keys, now);
    return session && session->kind == way.kind.name && session->reference == code.about;
}

// Asks first, so that a mail program that follows links does not use it up; uses it up; then on to
// the console.
awaitable<http::response> enter(const console_parts& p, const http::request& request,
                                const entry& way) {
    const auto form = http::read_query_or_body(request);
    const auto text = form ? std::string(form->get("code").value_or(std::string_view())) : "";
    const auto keys = p.operations.keys.get();
    const auto now = p.operations.time.now();
    const auto code = open_code(*keys, way.kind, text, now);
    if (!code) co_return over(p, request, 400);
    if (is_theirs(request, *keys, way, *code, now)) co_return http::see_other("/console");
    if (request.method != http::method::post) {
        auto frame = sessions::frame_for(p.operations.settings, request);
        co_return http::html(200, web::render_one_time_link(frame, way.template_name, text));
    }
    const auto used = record_for(p, request, way, *code, "ok");
    const auto refused = record_for(p, request, way, *code, "used_before");
    auto work = [&](store::transaction& t) {
        const bool first = t.replays().first_use(way.kind.name, code->id, code->expires_at);
        if (first) t.audit().append(used);
        return first;
    };
    const auto first = co_await p.operations.memory.write(work);
    if (!first) co_return over(p, request, 503);
    // A link that was used is worth nothing, and proves as little.
    if (!*first) co_await p.recorder.append(refused);
    p.operations.log.error(
        *first ? way.log_used : way.log_refused,
        {{way.field, code->about}, {"address", request.peer.to_string()}, {"request", request.id}});
    if (!*first) co_return over(p, request, 400);
    auto answer = http::see_other("/console");
    set_session_cookie(answer, *keys,
                       {std::string(way.kind.name), code->about, p.operations.random.token(16),
                        now + way.kind.session, false});
    co_return answer;
}

constexpr entry break_glass_entry{emergency,          audit::event::break_glass_used,
                                  "issued_by",        "break_glass",
                                  "break_glass.used", "break_glass.refused"};
constexpr entry invitation_entry{invitation,        audit::event::invitation_used,
                                 "member",          "invitation",
                                 "invitation.used", "invitation.refused"};

}  // namespace

awaitable<http::response> break_glass_endpoint::operator()(const http::request& request) {
    co_return co_await enter(parts_, request, break_glass_entry);
}

awaitable<http::response> invitation_endpoint::operator()(const http::request& request) {
    co_return co_await enter(parts_, request, invitation_entry);
}

}  // namespace kommpass::idp::console
