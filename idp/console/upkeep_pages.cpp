// The role catalogue, the signing keys, looking back, and the record of processing.
#include "idp/admin/catalogue.hpp"
#include "idp/admin/desk.hpp"
#include "idp/admin/key_upkeep.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/admin/processing.hpp"
#include "idp/console/pages.hpp"
#include "idp/keys/key_rotation.hpp"
#include "policies/words.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

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

page keys_page(console_request& v) {
    if (!v.who.may_everywhere(operation::rotate_keys)) co_return show_refusal(v, no_such_thing());
    page_data data;
    std::vector<page_data> rows;
    const auto keys = v.parts.keys.get();
    const auto now = v.at.time.now();
    const auto told = keys_json(*keys, v.parts.settings);
    const auto all = keys->list();
    const auto& words = told.at("keys").as_array();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& one = all[i];
        page_data row;
        put(row, "algorithm", std::string(jose::name_of(one.algorithm)));
        put(row, "kid", one.kid);
        put(row, "key_state", v.text("keys.state_" + text_of(words[i].as_object(), "state")));
        if (one.activated_at != instant{}) put(row, "signs_since", v.time_text(one.activated_at));
        if (one.published_until != instant{})
            put(row, "published_until", v.time_text(one.published_until));
        rows.push_back(std::move(row));
    }
    put_list(data, "keys", std::move(rows));
    std::vector<page_data> preview;
    const auto line = [&](const std::string& text) {
        page_data one;
        put(one, "line", text);
        preview.push_back(std::move(one));
    };
    const auto due = keys::next_rotation(v.parts.settings, *keys);
    line(due ? v.text("keys.by_itself") + " " + v.time_text(*due) : v.text("keys.never"));
    line(v.text("keys.now_next"));
    line(v.text("keys.now_old") + " " + v.time_text(now + keys::longest_token_lifetime));
    line(v.text("keys.now_quiet"));
    put_list(data, "preview", std::move(preview));
    co_return show(v, "console_keys", v.text("keys.title"), std::move(data));
}

page post_keys(console_request& v) {
    auto running = co_await begin_key_rotation(v.parts, v.at, v.who);
    if (!running) co_return show_refusal(v, running.error());
    co_return http::see_other("/console/jobs/" + (*running)->id);
}

namespace {

page_data holder_row(const console_request& v, const boost::json::object& one) {
    page_data row;
    const auto name = text_of(one, "display_name");
    put(row, "name", name.empty() ? text_of(one, "login_name") : name);
    put(row, "login", text_of(one, "login_name"));
    std::vector<std::string> roles;
    std::vector<std::string> reasons;
    for (const auto& role : one.at("roles").as_array()) {
        roles.push_back(text_of(role.as_object(), "role"));
        for (const auto& why : role.at("because").as_array()) {
            auto reason = text_of(why.as_object(), "sentence");
            if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end())
                reasons.push_back(std::move(reason));
        }
    }
    put(row, "held", joined(roles, " "));
    put(row, "why_held", joined(reasons, "; "));
    put(row, "used", v.text(one.at("used").as_bool() ? "console.yes" : "console.no"));
    return row;
}

void put_answer(const console_request& v, page_data& data, const boost::json::object& result) {
    flag(data, "answered", true);
    const auto& holders = result.at("holders").as_array();
    const auto on = parse_day(text_of(result, "day"));
    const auto role = text_of(result, "role");
    put(data, "answer_text",
        v.member_name(member_slug(text_of(result, "member"))) + ", " +
            text_of(result, role.empty() ? "application" : "role") + ", " +
            (on ? v.day_text(*on) : std::string()) + ": " + std::to_string(holders.size()) + " " +
            v.text("past.persons") + " (" + v.text("console.revision") + " " +
            std::to_string(result.at("revision").as_int64()) + ")");
    std::vector<page_data> rows;
    for (const auto& one : holders) rows.push_back(holder_row(v, one.as_object()));
    put_list(data, "holders", std::move(rows));
    std::vector<page_data> gone;
    for (const auto& one : result.at("gone").as_array()) {
        page_data row;
        put(row, "gone_person", std::string(one.as_string()));
        gone.push_back(std::move(row));
    }
    put_list(data, "gone", std::move(gone));
}

http::response past_form(const console_request& v, const boost::json::object* result) {
    page_data data;
    const auto chosen = [&](const char* name) {
        return result != nullptr ? text_of(*result, name) : v.in_form(name);
    };
    put_list(data, "members", member_options(v, operation::search_audit, chosen("member")));
    std::vector<page_data> applications;
    const auto registry = v.registry();
    for (const auto& [key, one] : registry->documents().applications) {
        page_data row;
        put(row, "key", key.str());
        put(row, "application", one.name.de);
        flag(row, "selected", key.view() == chosen("application"));
        applications.push_back(std::move(row));
    }
    put_list(data, "applications", std::move(applications));
    put(data, "role", chosen("role"));
    put(data, "day", chosen("day"));
    put(data, "purpose", v.in_form("purpose"));
    flag(data, "answered", false);
    if (result != nullptr) put_answer(v, data, *result);
    return show(v, "console_past", v.text("past.title"), std::move(data));
}

}  // namespace

page past_page(console_request& v) {
    if (!v.who.may_anywhere(operation::search_audit)) co_return show_refusal(v, no_such_thing());
    const auto found = v.parts.desk.running.find(v.who.id(), v.in_query("job"));
    const auto ended = found ? found->outcome() : nullptr;
    const bool answered = ended && *ended && (**ended).is_object();
    co_return past_form(v, answered ? &(**ended).as_object() : nullptr);
}

page post_past(console_request& v) {
    past_question asked;
    asked.member = member_slug(v.in_form("member"));
    asked.application = application_key(v.in_form("application"));
    asked.role = role_name(v.in_form("role"));
    asked.day = parse_day(v.in_form("day"));
    asked.purpose = v.in_form("purpose");
    auto running = co_await begin_past_access(v.parts, v.at, v.who, std::move(asked));
    if (running) co_return http::see_other("/console/jobs/" + (*running)->id);
    v.problem = running.error();
    co_return past_form(v, nullptr);
}

page processing_page(console_request& v) {
    const auto registry = v.registry();
    const auto made = processing_overview(*registry, v.parts.settings, v.who);
    if (!made) co_return show_refusal(v, made.error());
    const auto texts = [](const boost::json::value& list) {
        std::vector<std::string> all;
        for (const auto& one : list.as_array()) all.emplace_back(one.as_string());
        return joined(all);
    };
    page_data data;
    std::vector<page_data> applications;
    for (const auto& entry : made->at("applications").as_array()) {
        const auto& one = entry.as_object();
        page_data row;
        put(row, "application", text_of(one, "name"));
        put(row, "note", text_of(one, "description"));
        const member_slug operates(text_of(one, "operated_by"));
        if (!operates.empty()) put(row, "operated_by", v.member_name(operates));
        std::vector<std::string> names;
        for (const auto& slug : one.at("members").as_array())
            names.push_back(v.member_name(member_slug(std::string(slug.as_string()))));
        put(row, "booked_by", names.empty() ? v.text("processing.nobody") : joined(names));
        std::vector<page_data> recipients;
        for (const auto& client : one.at("recipients").as_array()) {
            page_data inner;
            put(inner, "client", text_of(client.as_object(), "client"));
            const auto purpose = text_of(client.as_object(), "purpose");
            put(inner, "purpose_text", purpose.empty() ? v.text("processing.no_purpose") : purpose);
            put(inner, "claims", texts(client.at("claims")));
            recipients.push_back(std::move(inner));
        }
        put_list(row, "recipients", std::move(recipients));
        applications.push_back(std::move(row));
    }
    put_list(data, "applications", std::move(applications));
    std::vector<std::pair<std::string, std::string>> facts;
    for (const auto& [name, days] : made->at("retention_days").as_object())
        facts.emplace_back(v.text("processing." + std::string(name)),
                           std::to_string(days.as_int64()));
    put_facts(data, facts);
    co_return show(v, "console_processing", v.text("processing.title"), std::move(data));
}

page processing_file(console_request& v) {
    const auto registry = v.registry();
    const auto made = processing_overview(*registry, v.parts.settings, v.who);
    if (!made) co_return show_refusal(v, made.error());
    auto file = http::json(200, boost::json::serialize(*made));
    file.headers.emplace_back("Content-Disposition",
                              "attachment; filename=\"kommpass-verarbeitung.json\"");
    co_return file;
}

}  // namespace kommpass::idp::console
