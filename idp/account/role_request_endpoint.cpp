#include "idp/account/role_request_endpoint.hpp"

#include "config/settings.hpp"
#include "idp/account/account_visitor.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/directory_findings.hpp"
#include "idp/admin/persons.hpp"
#include "idp/admin/request_context.hpp"
#include "idp/admin/role_requests.hpp"
#include "idp/audit/events.hpp"
#include "idp/http/form.hpp"
#include "idp/jose/algorithm.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/carried_fields.hpp"
#include "idp/sessions/csrf.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/sessions/own_form.hpp"
#include "idp/sessions/single_sign_on.hpp"
#include "idp/store/sessions.hpp"
#include "idp/web/catalogue.hpp"
#include "idp/web/language.hpp"
#include "idp/web/pages.hpp"
#include "idp/web/role_request_page.hpp"
#include "policies/explain.hpp"
#include "policies/role_catalogue.hpp"

#include <map>

namespace kommpass::idp::account {
namespace {

using boost::asio::awaitable;
using typed_request = web::role_request_page::typed;

constexpr auto path = "/account/role";

class telling {
public:
    telling(policies::snapshot_ptr registry, web::language lang)
        : registry_(std::move(registry)),
          words_(lang == web::language::en ? policies::language::en : policies::language::de),
          texts_(web::catalogue::of(lang)) {}

    void know(const std::string& id, std::string name) { names_[id] = std::move(name); }

    std::string row(const policies::grant& one) const {
        auto text = titled(one.role);
        if (!one.deputy_of.empty()) {
            text += ", " + texts_.text("role_request.for_person") + " " + name_of(one.person) +
                    " " + texts_.text("role_request.instead_of") + " " + name_of(one.deputy_of);
        }
        if (one.from) text += ", " + dated("role_request.from_day", *one.from);
        if (one.until) text += ", " + dated("sessions.until", *one.until);
        if (one.asked_on) text += ", " + dated("role_request.asked_on", *one.asked_on);
        return text + ": " + one.reason;
    }
    std::string row(const admin::refused_request& one) const {
        return titled(one.role) + ", " + dated("role_request.refused_on", one.on) + ": " + one.why;
    }

    std::vector<web::role_choices> choices(const std::vector<role_name>& roles) const {
        std::vector<web::role_choices> groups;
        for (const auto& name : roles) {
            const auto application = application_name(name);
            if (groups.empty() || groups.back().application != application)
                groups.push_back({application, {}});
            groups.back().roles.push_back({name.str(), role_title(name)});
        }
        return groups;
    }

private:
    std::string application_name(const role_name& name) const {
        const auto* found = registry_->find_application(policies::application_of(name));
        return found != nullptr ? text_in(found->name, words_) : std::string();
    }
    std::string role_title(const role_name& name) const {
        const auto* role = registry_->find_role(name);
        return role != nullptr ? text_in(role->title, words_) : name.str();
    }
    std::string titled(const role_name& name) const {
        return application_name(name) + ": " + role_title(name);
    }
    std::string dated(const char* key, day on) const {
        return texts_.text(key) + " " + policies::day_text(on, words_);
    }
    std::string name_of(const person_id& id) const {
        const auto found = names_.find(id.str());
        return found != names_.end() ? found->second : id.str();
    }

    policies::snapshot_ptr registry_;
    policies::language words_;
    const web::catalogue& texts_;
    std::map<std::string, std::string> names_;
};

std::string words_for(const admin::refusal& no, web::language lang) {
    const auto& words = web::catalogue::of(lang);
    const auto* text = words.find("refusal." + no.code);
    return text != nullptr ? *text : words.text("refusal.fallback");
}

awaitable<void> learn_names(admin::operation_context& at, const admin::own_requests& mine,
                            telling& words) {
    std::vector<std::string> ids;
    for (const auto* list : {&mine.waiting, &mine.deputies}) {
        for (const auto& one : *list) {
            if (one.deputy_of.empty()) continue;
            ids.push_back(one.person.str());
            ids.push_back(one.deputy_of.str());
        }
    }
    auto asked = ids;
    const auto names = co_await admin::names_of(at, std::move(asked));
    for (std::size_t i = 0; i < ids.size(); ++i) words.know(ids[i], names[i].display_name);
}

void list_requests(const admin::own_requests& mine, const telling& words,
                   web::role_request_page& page) {
    for (const auto& one : mine.waiting) page.waiting.push_back({one.id, words.row(one)});
    for (const auto& one : mine.deputies) page.deputies.push_back({one.id, words.row(one)});
    for (const auto& one : mine.refused) page.refused.push_back({{}, words.row(one)});
}

// "?application=dms" chooses the first role of that application.
typed_request asked_in(const http::request& http, const std::vector<role_name>& missing) {
    typed_request chosen;
    const auto query = http::form::parse(http.query);
    const auto wanted = query ? query->get("application") : std::nullopt;
    for (const auto& role : missing) {
        if (!wanted || policies::application_of(role).view() != *wanted) continue;
        chosen.kind = "own";
        chosen.role = role.str();
        break;
    }
    return chosen;
}

awaitable<http::response> show(const admin::operation_services& p, const http::request& http,
                               const sessions::signed_in& person, typed_request again,
                               std::optional<admin::refusal> no) {
    auto at = admin::context_of(p, http);
    at.whose = person.who.member.str();
    const policies::evaluated_person who{person.who, person.session.person, at.today()};
    const auto mine = co_await admin::requests_of(at, who);
    if (!mine)
        co_return sessions::error_answer(p.settings, http, 503, web::error_page_reason::internal);
    const auto frame = sessions::frame_for(p.settings, http);
    const auto registry = p.registry.get();
    telling words(registry, frame.lang);
    co_await learn_names(at, *mine, words);
    web::role_request_page page;
    page.action = path;
    page.csrf = sessions::csrf_for(*p.keys.get(), person.session);
    list_requests(*mine, words, page);
    const auto managers = p.found.managers.get();
    if (const auto found = managers->find(person.who.member); found != managers->end()) {
        for (const auto& one : found->second) {
            if (one.gives || one.releases) page.deciders.emplace_back(one.name, one.mail);
        }
    }
    const auto roles = admin::requestable_by(*registry, who);
    std::vector<role_name> held;
    for (const auto& one : roles.held) held.push_back(one.name);
    page.held = words.choices(held);
    page.missing = words.choices(roles.missing);
    page.done = http.query == "done";
    if (again.kind.empty()) again = asked_in(http, roles.missing);
    page.again = std::move(again);
    if (no) page.problem = words_for(*no, frame.lang);
    const bool silent = no && no->why == admin::refusal::reason::unavailable;
    co_return http::html(silent ? 503 : no ? 400 : 200, web::render(frame, page));
}

// What was typed, and why it was refused, in the address of the page that shows both.
std::optional<std::string> page_again(const admin::operation_services& p,
                                      const sessions::signed_in& person, const typed_request& typed,
                                      const admin::refusal& no) {
    const auto keys = p.keys.get();
    const sessions::carried_fields all{{"action", typed.kind}, {"field", typed.field},
                                       {"role", typed.role},   {"from", typed.from},
                                       {"until", typed.until}, {"deputy", typed.deputy},
                                       {"code", no.code},      {"reason", typed.reason}};
    return sessions::address_carrying(path, all, *keys, sessions::csrf_for(*keys, person.session));
}

struct shown_again {
    typed_request typed;
    std::optional<admin::refusal> no;
};

shown_again carried_in(const admin::operation_services& p, const http::request& http,
                       const sessions::signed_in& person) {
    const auto keys = p.keys.get();
    const auto carried =
        sessions::carried_by(http, *keys, sessions::csrf_for(*keys, person.session));
    shown_again again;
    if (!carried) return again;
    for (const auto& [name, value] : *carried) {
        if (name == "action" && (value == "own" || value == "deputy")) again.typed.kind = value;
        if (name == "field") again.typed.field = value;
        if (name == "role") again.typed.role = value;
        if (name == "deputy") again.typed.deputy = value;
        if (name == "from") again.typed.from = value;
        if (name == "until") again.typed.until = value;
        if (name == "reason") again.typed.reason = value;
        if (name == "code" && !value.empty()) again.no = admin::invalid({}, value);
    }
    return again;
}

// Nothing for an empty text; `wrong` names the first field that is no day.
std::optional<day> day_in(const std::string& text, const char* field,
                          std::optional<admin::refusal>& wrong) {
    if (text.empty()) return std::nullopt;
    auto found = parse_day(text);
    if (!found && !wrong) wrong = admin::invalid(field, "must_be_day");
    return found;
}

awaitable<std::optional<admin::refusal>> ask(const admin::operation_services& p,
                                             const http::request& http,
                                             const sessions::signed_in& person,
                                             const typed_request& form) {
    auto at = admin::context_of(p, http);
    at.whose = person.who.member.str();
    const policies::evaluated_person who{person.who, person.session.person, at.today()};
    std::optional<admin::refusal> wrong;
    admin::role_request wanted;
    wanted.role = role_name(form.role);
    wanted.reason = form.reason;
    if (form.kind == "deputy") wanted.deputy = form.deputy;
    wanted.from = day_in(form.from, "from", wrong);
    wanted.until = day_in(form.until, "until", wrong);
    if (wrong) co_return wrong;
    auto made = co_await admin::ask_for_role(at, who, std::move(wanted));
    if (!made) wrong = made.error();
    co_return wrong;
}

awaitable<std::optional<admin::refusal>> take_back(const admin::operation_services& p,
                                                   const http::request& http,
                                                   const sessions::signed_in& person,
                                                   std::string id) {
    auto at = admin::context_of(p, http);
    at.whose = person.who.member.str();
    const policies::evaluated_person who{person.who, person.session.person, at.today()};
    auto done = co_await admin::take_back(at, who, std::move(id));
    std::optional<admin::refusal> no;
    if (!done) no = done.error();
    if (no && no->why == admin::refusal::reason::not_found) {
        const auto actor = admin::actor::of_employee(who);
        std::string what = "grant";
        co_await admin::note_refused(at, actor, no->code, std::move(what));
    }
    co_return no;
}

typed_request typed_in(const http::form& form) {
    const auto text = [&](std::string_view name) {
        return std::string(form.get(name).value_or(std::string_view()));
    };
    return {text("action"), {}, text("role"), text("deputy"), text("from"), text("until"),
            text("reason")};
}

// What was typed, on the page as it is for the session of now.
std::optional<http::response> page_once_more(const admin::operation_services& p,
                                             const http::request& http,
                                             const sessions::signed_in& person) {
    const auto form = http::form::parse(http.body);
    if (!form || !sessions::is_own_form(http)) return std::nullopt;
    const auto typed = typed_in(*form);
    if (typed.kind != "own" && typed.kind != "deputy") return std::nullopt;
    auto address = page_again(p, person, typed, admin::forbidden("page_expired"));
    if (!address) return std::nullopt;
    return http::see_other(*std::move(address));
}

awaitable<http::response> posted(const account_parts& parts, const admin::operation_services& p,
                                 const http::request& http, const sessions::signed_in& person) {
    const auto given = posted_form(parts, http, person);
    if (const auto* wrong = std::get_if<http::response>(&given)) {
        // Shown to another session, this person's before: nothing is done, and nothing typed lost.
        auto again = page_once_more(p, http, person);
        co_return wrong->status == 403 && again ? *std::move(again) : *wrong;
    }
    const auto& form = std::get<http::form>(given);
    const auto in_form = [&](std::string_view name) {
        return std::string(form.get(name).value_or(std::string_view()));
    };
    auto typed = typed_in(form);
    std::optional<admin::refusal> no;
    if (typed.kind == "take-back") {
        auto id = in_form("id");
        no = co_await take_back(p, http, person, std::move(id));
        if (!no) co_return http::see_other(path);
    } else if (typed.kind == "deputy" || typed.kind == "own") {
        no = co_await ask(p, http, person, typed);
        if (!no) co_return http::see_other(std::string(path) + "?done");
        typed.field = no->field;
    } else {
        co_return sessions::error_answer(p.settings, http, 400,
                                         web::error_page_reason::bad_request);
    }
    const bool silent = no && no->why == admin::refusal::reason::unavailable;
    if (auto address = silent ? std::nullopt : page_again(p, person, typed, *no))
        co_return http::see_other(*std::move(address));
    co_return co_await show(p, http, person, std::move(typed), std::move(no));
}

}  // namespace

awaitable<http::response> role_request_endpoint::operator()(const http::request& http) {
    auto visitor = co_await find_visitor(parts_, http);
    if (auto* elsewhere = std::get_if<http::response>(&visitor)) co_return std::move(*elsewhere);
    const auto& person = std::get<sessions::signed_in>(visitor);
    if (http.method == http::method::post)
        co_return co_await posted(parts_, operations_, http, person);
    auto again = carried_in(operations_, http, person);
    co_return co_await show(operations_, http, person, std::move(again.typed), std::move(again.no));
}

}  // namespace kommpass::idp::account
