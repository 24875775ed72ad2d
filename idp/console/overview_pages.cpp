#include "idp/admin/actor.hpp"
#include "idp/admin/overview.hpp"
#include "idp/admin/persons.hpp"
#include "idp/admin/rights.hpp"
#include "idp/console/member_state.hpp"
#include "idp/console/pages.hpp"
#include "idp/web/language.hpp"
#include "policies/explain.hpp"

#include <algorithm>

namespace kommpass::idp::console {
namespace {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;

constexpr long long plot_height = 140;
constexpr long long plot_floor = 155;

std::vector<page_data> bars_of(const console_request& v, const overview& all) {
    long long most = 1;
    for (const auto& [unused, count] : all.sign_ins)
        most = std::max(most, count.good + count.refused);
    std::vector<page_data> bars;
    long long x = 8;
    for (const auto& [one, count] : all.sign_ins) {
        const auto height = count.good * plot_height / most;
        const auto refused = count.refused * plot_height / most;
        page_data bar;
        const auto number = [&](const char* name, long long value) {
            bar.set(name, std::to_string(value));
        };
        number("x", x);
        number("y", plot_floor - height);
        number("height", height);
        number("refused_y", plot_floor - height - refused);
        number("refused_height", refused);
        number("middle", x + 17);
        number("label_y", plot_floor - height - refused - 4);
        number("good", count.good);
        number("refused", count.refused);
        put(bar, "good_label", count.good > 0 ? std::to_string(count.good) : std::string());
        put(bar, "day", v.day_text(one));
        put(bar, "short_day", to_string(one).substr(8) + "." + to_string(one).substr(5, 2) + ".");
        bars.push_back(std::move(bar));
        x += 49;
    }
    return bars;
}

std::vector<page_data> tasks_of(const console_request& v, const overview& all) {
    std::vector<page_data> tasks;
    const auto add = [&](std::size_t number, const char* text, const char* href, bool urgent) {
        if (number == 0) return;
        page_data one;
        put(one, "number", std::to_string(number));
        put(one, "task_label", v.text(text));
        put(one, "task_href", href);
        flag(one, "urgent", urgent);
        tasks.push_back(std::move(one));
    };
    const auto silent = static_cast<std::size_t>(
        std::count_if(all.members.begin(), all.members.end(),
                      [](const member_state& one) { return one.silent_for.count() > 0; }));
    std::size_t reviews = 0;
    for (const auto& one : all.open_reviews)
        reviews += static_cast<std::size_t>(one.items - one.answered);
    add(silent, "console.task_silent", "#members", true);
    add(all.conflicts.size(), "console.task_conflicts", "#conflicts", true);
    add(all.waiting.size() + all.waiting_exceptions.size() + all.waiting_mappings.size(),
        "console.task_approvals", "/console/approvals", false);
    add(all.certificates.size(), "console.task_certificates", "#certificates", true);
    add(all.own_certificate.size(), "console.task_own_certificate", "#own-certificate", true);
    add(all.waiting_clients.size(), "console.task_clients", "#clients", false);
    const auto directory =
        all.waiting_directories.empty()
            ? std::string()
            : "/console/members/" + all.waiting_directories.front().str() + "/set-up?step=5";
    add(all.waiting_directories.size(), "console.task_directories", directory.c_str(), true);
    add(all.agreements.size(), "console.task_agreements", "/console/approvals", false);
    add(reviews, "console.task_reviews", "/console/campaigns", false);
    add(all.ending.size(), "console.task_ending", "#ending", false);
    return tasks;
}

std::vector<page_data> tiles_of(const console_request& v, const overview& all) {
    std::vector<page_data> tiles;
    for (const auto& state : all.members) {
        page_data one;
        put(one, "slug", state.member.str());
        put(one, "member_name", v.member_name(state.member));
        put_state(v, one, state.active, state.silent_for);
        std::string note =
            std::to_string(state.applications) + " " + v.text("console.applications");
        if (state.silent_for.count() > 0)
            note += " · " + v.text("console.silent_for") + " " +
                    std::to_string(state.silent_for.count() / 60);
        if (state.conflicts > 0)
            note +=
                " · " + std::to_string(state.conflicts) + " " + v.text("console.task_conflicts");
        put(one, "member_note", note);
        tiles.push_back(std::move(one));
    }
    return tiles;
}

policies::language words_of(const console_request& v) {
    return v.lang == web::language::en ? policies::language::en : policies::language::de;
}

// What the catalogue offers, which clients wait, which certificates end.
void put_news(const console_request& v, page_data& data, const overview& all) {
    flag(data, "may_add_member", v.who.may_everywhere(operation::change_member));
    std::vector<page_data> offers;
    for (const auto& offer : all.offers) {
        const auto* role = all.registry->find_role(offer.role);
        if (role == nullptr) continue;
        page_data one;
        put(one, "offer_member", v.member_name(offer.member));
        put(one, "offer_slug", offer.member.str());
        put(one, "offer_role", role->name.str());
        put(one, "offer_title", text_in(role->title, words_of(v)));
        put(one, "offer_text", text_in(role->description, words_of(v)));
        offers.push_back(std::move(one));
    }
    put_list(data, "offers", std::move(offers));
    std::vector<page_data> clients;
    for (const auto& [key, id] : all.waiting_clients) {
        page_data one;
        put(one, "client_key", key.str());
        put(one, "client", id.str());
        clients.push_back(std::move(one));
    }
    put_list(data, "waiting_clients", std::move(clients));
    std::vector<page_data> certificates;
    for (const auto& found : all.certificates) {
        page_data one;
        put(one, "certificate_member", v.member_name(found.member));
        put(one, "certificate_slug", found.member.str());
        put(one, "certificate_server", found.url);
        put(one, "certificate_until", found.until);
        certificates.push_back(std::move(one));
    }
    put_list(data, "certificates", std::move(certificates));
    std::vector<page_data> own;
    for (const auto& found : all.own_certificate) {
        page_data one;
        put(one, "own_what", v.text("console.own_" + found.id));
        put(one, "own_detail", found.text);
        own.push_back(std::move(one));
    }
    put_list(data, "own_certificate", std::move(own));
}

}  // namespace

page overview_page(console_request& v) {
    const auto all = co_await look_around(v.at, v.who);
    if (!all) co_return show_refusal(v, all.error());
    page_data data;
    auto tasks = tasks_of(v, *all);
    flag(data, "no_tasks", tasks.empty());
    put_list(data, "tasks", std::move(tasks));
    put_list(data, "bars", bars_of(v, *all));
    long long sum = 0;
    for (const auto& [unused, count] : all->sign_ins) sum += count.good;
    put(data, "plot_label", v.text("console.sign_ins") + ": " + std::to_string(sum));
    put_list(data, "members", tiles_of(v, *all));
    std::vector<page_data> conflicts;
    for (const auto& found : all->conflicts) {
        page_data one;
        put(one, "conflict_person", found.person.str());
        put(one, "conflict_name", found.display_name + " (" + v.member_name(found.member) + ")");
        put(one, "conflict_text", sentence(found.conflict, words_of(v)));
        conflicts.push_back(std::move(one));
    }
    put_list(data, "conflicts", std::move(conflicts));
    std::vector<std::string> unread;
    for (const auto& member : all->not_looked_at) unread.push_back(v.member_name(member));
    if (!unread.empty())
        put(data, "conflicts_unread", v.text("console.conflicts_unread") + " " + joined(unread));
    if (all->conflicts_looked_at != instant{})
        put(data, "looked_at", v.time_text(all->conflicts_looked_at));
    std::vector<std::string> ids;
    for (const auto& one : all->ending) ids.push_back(one.person.str());
    const auto names = co_await names_of(v.at, std::move(ids));
    std::vector<page_data> ending;
    for (std::size_t i = 0; i < all->ending.size(); ++i) {
        page_data one;
        put(one, "ending_person", all->ending[i].person.str());
        put(one, "ending_name", names[i].display_name);
        put(one, "ending_role", all->ending[i].role.str());
        put(one, "ending_until", v.day_text(*all->ending[i].until));
        ending.push_back(std::move(one));
    }
    put_list(data, "ending", std::move(ending));
    put_news(v, data, *all);
    co_return show(v, "console_overview", v.text("console.overview"), std::move(data));
}

}  // namespace kommpass::idp::console
