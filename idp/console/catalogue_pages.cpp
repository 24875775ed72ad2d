// The role catalogue of an application.
#include "idp/admin/actor.hpp"
#include "idp/admin/catalogue.hpp"
#include "idp/admin/rights.hpp"
#include "idp/console/pages.hpp"
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
    put(data, "expected", std::to_string(v.registry()->revision()));
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

}  // namespace

page catalogue_role_page(console_request& v) {
    const auto registry = v.registry();
    const application_key key(v.segment(1));
    const bool is_new = v.segment(3) == "new";
    const auto* known = registry->find_role(role_name(v.segment(3)));
    if (!v.who.may_everywhere(operation::change_application) ||
        registry->find_application(key) == nullptr || (!is_new && known == nullptr))
        co_return show_refusal(v, no_such_thing());
    co_return role_form(v, key, is_new ? policies::role() : *known, is_new);
}

page catalogue_role_again(console_request& v) {
    const auto registry = v.registry();
    const application_key key(v.segment(1));
    const bool is_new = v.segment(3) == "new";
    const auto* known = registry->find_role(role_name(v.segment(3)));
    if (!v.who.may_everywhere(operation::change_application) ||
        registry->find_application(key) == nullptr || (!is_new && known == nullptr))
        co_return show_refusal(v, no_such_thing());
    const auto before = is_new ? policies::role() : *known;
    co_return role_form(v, key, v.posted.all().empty() ? before : role_in(v, before), is_new);
}

page post_catalogue_role(console_request& v) {
    const auto registry = v.registry();
    const application_key key(v.segment(1));
    const bool is_new = v.segment(3) == "new";
    const auto* known = registry->find_role(role_name(v.segment(3)));
    if (registry->find_application(key) == nullptr || (!is_new && known == nullptr))
        co_return show_refusal(v, no_such_thing());
    auto wanted = role_in(v, is_new ? policies::role() : *known);
    const bool removes = v.in_form("action") == "remove";
    answer<long long> done = invalid({}, "page_expired");
    if (removes) {
        done = co_await remove_role(v.at, v.who, key, wanted.name, v.in_form("why"));
    } else {
        const auto expected = std::atoll(v.in_form("expected").c_str());
        done = co_await put_role(v.at, v.who, key, wanted, v.in_form("why"), expected);
    }
    if (done) co_return go_on("/console/applications/" + key.str(), removes ? "end" : "role");
    v.problem = done.error();
    co_return role_form(v, key, wanted, is_new);
}

}  // namespace kommpass::idp::console
