// Bookings: one is made at once; before one ends, it is shown who loses what by it.
#include "idp/admin/actor.hpp"
#include "idp/admin/job_results.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/subscriptions.hpp"
#include "idp/console/pages.hpp"

namespace kommpass::idp::console {
namespace {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;

constexpr std::size_t most_rows = 500;

policies::subscription booking_in(const console_request& v) {
    return {member_slug(v.in_form("member")), application_key(v.in_form("application"))};
}

// The roles of one application that somebody holds, as text; empty: none.
std::string roles_of(const role_holder& holder, const application_key& application) {
    std::vector<std::string> names;
    const auto prefix = application.str() + ".";
    for (const auto& role : holder.roles.roles) {
        if (role.name.str().starts_with(prefix)) names.push_back(role.name.str());
    }
    return joined(names);
}

void put_losers(const console_request& v, page_data& data, const application_key& application,
                const role_matrix& held) {
    std::vector<page_data> rows;
    std::size_t count = 0;
    for (const auto& holder : held.holders) {
        const auto roles = roles_of(holder, application);
        if (roles.empty()) continue;
        if (++count > most_rows) continue;
        page_data row;
        put(row, "name", holder.display_name.empty() ? holder.login_name : holder.display_name);
        put(row, "login", holder.login_name);
        put(row, "loses", roles);
        rows.push_back(std::move(row));
    }
    put(data, "effect_text", std::to_string(count) + " " + v.text("console.booking_lose"));
    if (count > most_rows) put(data, "cut_off", v.text("console.booking_cut_off"));
    put_list(data, "effects", std::move(rows));
}

// `held`: who holds what at the member; null: nobody could be asked.
http::response end_page(console_request& v, const policies::subscription& one,
                        const role_matrix* held, const std::string& job, const std::string& why) {
    const auto booking = find_booking_to_end(v.at, v.who, one);
    if (!booking) return show_refusal(v, booking.error());
    const auto* application = booking->application;
    page_data data;
    put(data, "member", one.member.str());
    put(data, "application_key", one.application.str());
    put(data, "application_name", application->name.de);
    put(data, "member_name", v.member_name(one.member));
    put(data, "job", job);
    put(data, "why", why);
    flag(data, "for_everybody", !application->require_role);
    if (held != nullptr) put_losers(v, data, one.application, *held);
    return show(v, "console_booking_end", v.text("console.end_booking"), std::move(data));
}

// The job that reads who holds what goes on to the page of the booking by what it remembers.
page preview(console_request& v, const policies::subscription& one) {
    const auto booking = find_booking_to_end(v.at, v.who, one);
    if (!booking) co_return show_refusal(v, booking.error());
    if (!booking->member->active)
        co_return http::see_other("/console/subscriptions/end?member=" + one.member.str() +
                                  "&application=" + one.application.str());
    auto running = co_await begin_role_matrix(v.at, v.who, one.member);
    if (!running) co_return show_refusal(v, running.error());
    boost::json::object kept;
    kept["ends_booking"] = one.application.view();
    kept["of_member"] = one.member.view();
    (*running)->remember(std::move(kept));
    co_return http::see_other("/console/jobs/" + (*running)->id);
}

page end_it(console_request& v, const policies::subscription& one) {
    auto done = co_await end_booking(v.at, v.who, one, v.in_form("why"), std::nullopt);
    // A second press of the button: the booking has ended, which is what was wanted.
    const bool ended_before = !done && done.error().why == refusal::reason::not_found &&
                              find_booking_to_end(v.at, v.who, one).has_value();
    if (done || ended_before) co_return go_on("/console/members/" + one.member.str(), "booking");
    if (done.error().why != refusal::reason::invalid) co_return show_refusal(v, done.error());
    v.problem = done.error();
    co_return co_await booking_end_again(v);
}

// Whose directory is still being set up has nobody who could lose anything.
http::response end_page_of_nobody(console_request& v) {
    const policies::subscription one{member_slug(v.in_query("member")),
                                     application_key(v.in_query("application"))};
    const auto booking = find_booking_to_end(v.at, v.who, one);
    if (!booking || booking->member->active) return show_refusal(v, no_such_thing());
    const role_matrix nobody{one.member, booking->registry, {}};
    return end_page(v, one, &nobody, {}, {});
}

}  // namespace

page booking_end_page(console_request& v) {
    const auto job = v.in_query("job");
    if (job.empty()) co_return end_page_of_nobody(v);
    const auto found = v.at.running.find(v.who, job);
    const auto kept = found ? found->remembered() : boost::json::object();
    const auto ended = found ? found->outcome() : nullptr;
    if (!ended || !kept.contains("ends_booking")) co_return show_refusal(v, no_such_thing());
    const policies::subscription one{
        member_slug(std::string_view(kept.at("of_member").as_string())),
        application_key(std::string_view(kept.at("ends_booking").as_string()))};
    co_return end_page(v, one, result_of<role_matrix>(ended), job, {});
}

page booking_end_again(console_request& v) {
    const auto job = v.in_form("job");
    const auto found = v.at.running.find(v.who, job);
    const auto ended = found ? found->outcome() : nullptr;
    co_return end_page(v, booking_in(v), result_of<role_matrix>(ended), job, v.in_form("why"));
}

page post_subscription(console_request& v) {
    const auto one = booking_in(v);
    const auto action = v.in_form("action");
    if (action == "preview-end") co_return co_await preview(v, one);
    if (action == "end") co_return co_await end_it(v, one);
    auto why = "Buchung " + one.application.str();
    const auto done = co_await book(v.at, v.who, one, std::move(why), std::nullopt);
    if (!done) co_return show_refusal(v, done.error());
    co_return go_on("/console/members/" + one.member.str(), "booking");
}

}  // namespace kommpass::idp::console
