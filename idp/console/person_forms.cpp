// What the forms of a person's page do.
#include "idp/admin/erasure.hpp"
#include "idp/admin/grants.hpp"
#include "idp/admin/person_view.hpp"
#include "idp/admin/persons.hpp"
#include "idp/console/pages.hpp"
#include "idp/console/person_view_page.hpp"
#include "idp/store/persons.hpp"

namespace kommpass::idp::console {
namespace {

// The person's page again, with what was wrong and what was typed.
page person_again(console_request& v, refusal no) {
    v.problem = std::move(no);
    const auto view = co_await view_person(v.at, v.who, person_id(v.segment(1)));
    if (!view) co_return show_refusal(v, view.error());
    co_return co_await show_person_view(v, *view);
}

// False for a text that is no day.
bool read_day(const std::string& text, std::optional<day>& into) {
    if (text.empty()) return true;
    into = parse_day(text);
    return into.has_value();
}

page post_grant_form(console_request& v, const store::person& person) {
    grant_request wanted;
    wanted.member = person.member;
    wanted.person = person.id;
    wanted.role = role_name(v.in_form("role"));
    wanted.reason = v.in_form("reason");
    for (const auto& one : words_in(v.in_form("for_members"))) wanted.for_members.emplace_back(one);
    if (!read_day(v.in_form("from"), wanted.from))
        co_return co_await person_again(v, invalid("from", "must_be_day"));
    if (!read_day(v.in_form("until"), wanted.until))
        co_return co_await person_again(v, invalid("until", "must_be_day"));
    auto made = co_await request_grant(v.at, v.who, std::move(wanted));
    if (!made) co_return co_await person_again(v, made.error());
    co_return go_on("/console/persons/" + person.id.str(),
                    made->needs_approval ? "request" : "grant");
}

page post_exception_form(console_request& v, const store::person& person) {
    exception_request wanted;
    wanted.constraint = v.in_form("constraint");
    wanted.member = person.member;
    wanted.person = person.id;
    wanted.reason = v.in_form("reason");
    if (!read_day(v.in_form("until"), wanted.until))
        co_return co_await person_again(v, invalid("until", "must_be_day"));
    auto made = co_await request_exception(v.at, v.who, std::move(wanted));
    if (!made) co_return co_await person_again(v, made.error());
    co_return go_on("/console/persons/" + person.id.str(), "request");
}

}  // namespace

page post_person(console_request& v) {
    const person_id id(v.segment(1));
    const auto what = v.segment(2);
    const auto view = co_await view_person(v.at, v.who, id);
    if (!view) co_return show_refusal(v, view.error());
    const auto path = "/console/persons/" + id.str();
    if (what == "grant") co_return co_await post_grant_form(v, view->person);
    if (what == "exception") co_return co_await post_exception_form(v, view->person);
    if (what == "end-role") {
        const auto done = co_await end_role(v.at, v.who, view->person.member, id,
                                            role_name(v.in_form("role")), v.in_form("why"));
        if (!done) co_return co_await person_again(v, done.error());
        co_return go_on(path, "end");
    }
    if (what == "end-sessions") {
        const auto done = co_await end_sessions(v.at, v.who, id, v.in_form("why"));
        if (!done) co_return co_await person_again(v, done.error());
        co_return go_on(path, "sessions");
    }
    if (what == "erase") {
        if (v.in_form("confirmed") != "yes")
            co_return co_await person_again(v, invalid("confirmed", "erasure_not_confirmed"));
        const auto done = co_await erase_person(v.at, v.who, id, v.in_form("why"));
        if (!done) co_return co_await person_again(v, done.error());
        co_return go_on("/console/persons", "erased");
    }
    co_return show_refusal(v, no_such_thing());
}

}  // namespace kommpass::idp::console
