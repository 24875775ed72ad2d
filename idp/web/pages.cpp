#include "idp/web/pages.hpp"
#include "idp/web/client_links.hpp"

#include "idp/web/catalogue.hpp"
#include "idp/web/console_page.hpp"
#include "idp/web/leaving_page.hpp"
#include "idp/web/refused_return_page.hpp"
#include "idp/web/templates.hpp"

#include <algorithm>

namespace kommpass::idp::web {
namespace {

void put_form(page_data& data, const std::string& action, const std::string& transaction,
              const std::string& csrf) {
    data.set("action", action);
    if (!transaction.empty()) data.set("transaction", transaction);
    if (!csrf.empty()) data.set("csrf", csrf);
}

// Words for the scopes and claims ("claim_name") that a person can make sense of; others say
// nothing that is not said elsewhere.
page_data scope_words(const consent_page& page, const catalogue& words) {
    page_data list = page_data::type::list;
    for (const auto& scope : page.scopes) {
        const auto found = words.own_texts().find("consent." + scope);
        const bool is_scope = scope == "openid" || scope == "profile" || scope == "email" ||
                              scope == "phone" || scope == "address" || scope == "offline_access";
        const bool is_claim =
            scope.starts_with("claim_") && words.find("consent." + scope) != nullptr;
        if (!is_scope && !is_claim) continue;
        page_data one;
        one.set("text",
                found != words.own_texts().end() ? found->second : words.text("consent." + scope));
        list.push_back(one);
    }
    return list;
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

}  // namespace

std::string render(const frame& around, const member_list_page& page) {
    page_data data;
    put_form(data, page.action, page.transaction, page.csrf);
    data.set("user_name", page.user_name);
    data.set("query", page.query);
    if (page.members.empty()) data.set("none", page_data::type::bool_true);
    if (page.offer_cancel) data.set("offer_cancel", page_data::type::bool_true);
    page_data list = page_data::type::list;
    for (const auto& member : page.members) {
        page_data one;
        one.set("slug", member.slug);
        one.set("name", member.name);
        if (!member.variant.empty()) one.set("variant", member.variant);
        list.push_back(one);
    }
    data.set("members", list);
    return fill("member_list", around, "members.title", std::move(data));
}

std::string render(const frame& around, const consent_page& page) {
    page_data data;
    put_form(data, page.action, page.transaction, page.csrf);
    data.set("application", around.application_name);
    data.set("person_name", page.person_name);
    data.set("scopes", scope_words(page, catalogue::of(around.lang)));
    page_data details = page_data::type::list;
    for (const auto& sentence : page.details) {
        page_data one;
        one.set("text", sentence);
        details.push_back(one);
    }
    data.set("details", details);
    if (!page.details.empty()) data.set("any_details", page_data::type::bool_true);
    put_links(data, page.client);
    return fill("consent", around, "consent.title", std::move(data));
}

static std::vector<page_data> role_rows(const std::vector<role_entry>& all) {
    std::vector<page_data> rows;
    for (const auto& role : all) {
        page_data one;
        put(one, "role_title", role.title);
        put(one, "role_application", role.application);
        put(one, "role_note", role.note);
        put(one, "role_start", role.start_uri);
        rows.push_back(std::move(one));
    }
    return rows;
}

std::string render(const frame& around, const sessions_page& page) {
    page_data data;
    put_form(data, page.action, {}, page.csrf);
    data.set("person_name", page.person_name);
    if (!page.member_name.empty()) data.set("member_name", page.member_name);
    if (page.offer_password) data.set("offer_password", page_data::type::bool_true);
    page_data list = page_data::type::list;
    for (const auto& session : page.sessions) {
        page_data one;
        one.set("id", session.id);
        one.set("browser", session.browser);
        one.set("address", session.address);
        one.set("since", session.since);
        one.set("last_used", session.last_used);
        one.set("current",
                session.current ? page_data::type::bool_true : page_data::type::bool_false);
        if (!session.applications.empty())
            one.set("applications", joined(session.applications));
        else
            one.set("applications", page_data::type::bool_false);
        list.push_back(one);
    }
    data.set("sessions", list);
    put_list(data, "roles", role_rows(page.roles));
    put_list(data, "resting_roles", role_rows(page.resting_roles));
    return fill("sessions", around, "sessions.title", std::move(data));
}

std::string cut_address(const std::string& uri) {
    constexpr std::size_t longest = 200;
    auto end = std::min(longest, uri.size());
    while (end > 0 && end < uri.size() && (uri[end] & 0xc0) == 0x80) --end;
    return uri.substr(0, end);
}

void put_refused_return(page_data& data, const refused_return& refused) {
    if (refused.uri.empty()) return;
    data.set(refused.unproven ? "unproven_uri" : "unregistered_uri", cut_address(refused.uri));
}

std::string render(const frame& around, const sign_out_page& page) {
    page_data data;
    put_form(data, page.action, page.transaction, page.csrf);
    data.set("person_name", page.person_name);
    put_refused_return(data, page.refused);
    return fill("sign_out", around, "sign_out.title", std::move(data));
}

std::string render(const frame& around, const signed_out_page& page) {
    page_data data;
    if (!page.continue_uri.empty()) data.set("continue_uri", page.continue_uri);
    return fill("signed_out", around, "signed_out.title", std::move(data));
}

std::string render(const frame& around, const refused_return_page& page) {
    page_data data;
    put_refused_return(data, page.refused);
    return fill("signed_out", around, "signed_out.title", std::move(data));
}

std::string render(const frame& around, const leaving_page& page) {
    page_data data;
    data.set("uri", page.uri);
    return fill("leaving", around, "leaving.title", std::move(data));
}

std::string render(const frame& around, const form_post_page& page) {
    auto quiet = around;
    quiet.language_action.clear();  // the page's one form is the one that its script posts
    page_data data;
    data.set("action", page.action);
    page_data list = page_data::type::list;
    for (const auto& [name, value] : page.fields) {
        page_data one;
        one.set("name", name);
        one.set("value", value);
        list.push_back(one);
    }
    data.set("fields", list);
    return fill("form_post", quiet, "form_post.title", std::move(data));
}

}  // namespace kommpass::idp::web
