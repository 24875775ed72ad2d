// The role catalogue of an application.
#include "idp/admin/catalogue.hpp"
#include "idp/console/pages.hpp"
#include "idp/http/decimal_number.hpp"
#include "idp/http/form.hpp"
#include "policies/words.hpp"

namespace kommpass::idp::console {
namespace {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;

http::response role_form(const console_request& v, const application_key& key,
                         const policies::role& one, bool is_new) {
    page_data data;
    put(data, "key", key.str());
    put(data, "role", is_new ? "new" : one.name.str());
    put(data, "expected", std::to_string(v.revision()));
    flag(data, "is_new", is_new);
    put(data, "name", one.name.empty() ? key.str() + "." : one.name.str());
    put(data, "title_de", one.title.de);
    put(data, "title_en", one.title.en);
    put(data, "description_de", one.description.de);
    put_list(data, "givers",
             options({{"member", v.text("console.giver_member")},
                      {"association", v.text("console.giver_association")}},
                     std::string(policies::words::word_for(policies::words::role_givers,
                                                           one.handed_out_by))));
    flag(data, "sensitive", one.sensitive);
    std::vector<std::string> names;
    for (const auto& inner : one.includes) names.push_back(inner.str());
    put(data, "includes", joined(names, " "));
    put(data, "why", v.in_form("why"));
    return show(v, "console_role", is_new ? v.text("catalogue.new") : one.name.str(),
                std::move(data));
}

policies::role role_in(const console_request& v, policies::role one) {
    if (one.name.empty()) one.name = role_name(v.in_form("name"));
    one.title = {v.in_form("title_de"), v.in_form("title_en")};
    one.description.de = v.in_form("description_de");
    one.handed_out_by = v.in_form("handed_out_by") == "association"
                            ? policies::role_giver::association
                            : policies::role_giver::member;
    one.sensitive = v.in_form("sensitive") == "yes";
    one.includes.clear();
    for (const auto& name : words_in(v.in_form("includes"))) one.includes.emplace_back(name);
    return one;
}

// The role of the address.
answer<role_to_change> asked_role(const console_request& v) {
    const auto name = v.segment(3);
    return find_role_to_change(v.at, v.who, application_key(v.segment(1)),
                               role_name(name == "new" ? std::string() : name));
}

policies::role stands(const role_to_change& asked) {
    return asked.in_force == nullptr ? policies::role() : *asked.in_force;
}

}  // namespace

page catalogue_role_page(console_request& v) {
    const auto asked = asked_role(v);
    if (!asked) co_return show_refusal(v, asked.error());
    co_return role_form(v, asked->owner->key, stands(*asked), asked->in_force == nullptr);
}

page catalogue_role_again(console_request& v) {
    const auto asked = asked_role(v);
    if (!asked) co_return show_refusal(v, asked.error());
    const auto before = stands(*asked);
    co_return role_form(v, asked->owner->key, v.posted.all().empty() ? before : role_in(v, before),
                        asked->in_force == nullptr);
}

page post_catalogue_role(console_request& v) {
    const auto asked = asked_role(v);
    if (!asked) co_return show_refusal(v, asked.error());
    const auto& key = asked->owner->key;
    auto wanted = role_in(v, stands(*asked));
    const bool removes = v.in_form("action") == "remove";
    answer<long long> done = invalid({}, "page_expired");
    if (removes) {
        done = co_await remove_role(v.at, v.who, key, wanted.name, v.in_form("why"));
    } else {
        const auto expected = http::decimal_number(v.in_form("expected")).value_or(0);
        done = co_await put_role(v.at, v.who, key, wanted, v.in_form("why"), expected);
    }
    if (done) co_return go_on("/console/applications/" + key.str(), removes ? "end" : "role");
    v.problem = done.error();
    co_return role_form(v, key, wanted, asked->in_force == nullptr);
}

}  // namespace kommpass::idp::console
