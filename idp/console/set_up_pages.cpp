// The five steps in which a member's directory is set up.
#include "idp/admin/actor.hpp"
#include "idp/admin/directory_approval.hpp"
#include "idp/admin/job_results.hpp"
#include "idp/admin/jobs.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/set_up.hpp"
#include "idp/console/pages.hpp"
#include "idp/console/rule_facts.hpp"
#include "idp/jose/key_ring.hpp"
#include "policies/words.hpp"

#include <algorithm>
#include <charconv>

namespace kommpass::idp::console {
namespace {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;
namespace words = policies::words;

std::vector<page_data> steps_of(const console_request& v, const set_up_view& view, int current) {
    const auto& d = view.draft.directory;
    constexpr const char* names[] = {"set_up.address", "set_up.certificate", "set_up.account",
                                     "set_up.people", "set_up.activation"};
    std::vector<page_data> steps;
    for (int i = 1; i <= 5; ++i) {
        page_data one;
        put(one, "number", std::to_string(i));
        put(one, "label", v.text(names[i - 1]));
        flag(one, "current", i == current);
        flag(one, "reachable", i == 1 || !d.urls.empty());
        steps.push_back(std::move(one));
    }
    return steps;
}

void put_entries(const console_request& v, page_data& data, const policies::member& draft) {
    const auto& d = draft.directory;
    put_list(data, "vendors",
             options({{"active-directory", "Active Directory"},
                      {"openldap", "OpenLDAP"},
                      {"389-ds", "389 Directory Server"}},
                     std::string(words::word_for(words::vendors, d.vendor))));
    put_list(data, "transports",
             options({{"ldaps", "LDAPS"}, {"starttls", "StartTLS"}},
                     std::string(words::word_for(words::transports, d.transport))));
    put_list(data, "group_models",
             options({{"", v.text("set_up.as_usual")},
                      {"group-of-names", "groupOfNames"},
                      {"group-of-unique-names", "groupOfUniqueNames"},
                      {"posix-group", "posixGroup"},
                      {"stepwise", "Active Directory (memberOf)"},
                      {"in-chain", "Active Directory (in-chain)"}},
                     d.groups ? std::string(words::word_for(words::group_models, *d.groups))
                              : std::string()));
    put(data, "urls", joined(d.urls, "\n"));
    put(data, "help_contact", draft.help_contact);
    put(data, "bind_dn", d.bind_dn);
    put(data, "person_base", d.person_base);
    put(data, "person_filter", d.person_filter);
    put(data, "login_attributes", joined(d.login_attributes, " "));
    put(data, "group_base", d.group_base);
    put(data, "lockout_threshold", std::to_string(d.lockout_threshold));
    const auto window = std::chrono::ceil<std::chrono::minutes>(d.lockout_window);
    put(data, "lockout_minutes", std::to_string(window.count()));
    flag(data, "member_of", d.member_of);
    flag(data, "has_pin", !d.ca_certificate.empty());
}

std::vector<page_data> certificates_in(const console_request& v, const certificate_look& look,
                                       const std::string& job) {
    std::vector<page_data> rows;
    for (const auto& server : look.servers) {
        for (const auto& shown : server.certificates) {
            page_data row;
            put(row, "subject_name", shown.subject);
            put(row, "issuer", shown.issuer);
            put(row, "validity", shown.from + " – " + shown.until);
            put(row, "sha256", shown.sha256);
            put(row, "job", job);
            put(row, "trust_label",
                v.text(shown.is_authority ? "set_up.trust_authority" : "set_up.trust_server"));
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

// What the job of this step came to, if the address names one.
void put_result(const console_request& v, page_data& data) {
    const auto job = v.in_query("job");
    const auto found = job.empty() ? nullptr : v.at.running.find(v.who, job);
    const auto ended = found ? found->outcome() : nullptr;
    const auto* test = result_of<directory_test>(ended);
    const auto* look = result_of<certificate_look>(ended);
    if (test == nullptr && look == nullptr) return;
    const auto& said = test != nullptr ? test->said : look->said;
    const bool failed = said.failed();
    put(data, "verdict", v.text(failed ? "check.failed" : "check.passed"));
    for (const auto* id : {"lockout.unguarded", "lockout.longer_window", "lockout.never_forgets"})
        if (!failed && test != nullptr && said.has(id)) flag(data, "lockout_adopted", true);
    flag(data, "lockout_untold", said.has("lockout.untold"));
    flag(data, "fold", !failed);
    put_list(data, "findings", finding_rows(v, said));
    std::vector<page_data> samples;
    for (const auto& one : said.findings()) {
        if (one.what->id != "persons.sample") continue;
        page_data row;
        put(row, "sample", one.detail);
        put(row, "sample_dn", one.subject);
        samples.push_back(std::move(row));
    }
    put_list(data, "samples", std::move(samples));
    if (look != nullptr) {
        if (failed) put_list(data, "certificates", certificates_in(v, *look, job));
        flag(data, "may_go_on", !failed);
    }
}

// What waits for a second person, and whether that may be whoever looks.
void put_request(const console_request& v, page_data& data, const set_up_view& view,
                 const shown_names& names) {
    std::vector<page_data> lines;
    for (const auto& line : view.changes) {
        page_data one;
        put(one, "line", line);
        put(one, "sign", line.find(": + ") != std::string::npos ? "plus" : "minus");
        lines.push_back(std::move(one));
    }
    put_list(data, "changes", std::move(lines));
    const bool waits = !view.asked_by.empty();
    flag(data, "waits", waits);
    if (!waits) return;
    put(data, "asked_text",
        v.text("console.asked_by") + " " + name_in(names, view.asked_by) + " · " +
            v.time_text(view.asked_at) + " · " + view.asked_why);
    put(data, "digest", view.version.digest);
    const auto no = judge_second_person(v.who, view);
    flag(data, "may_approve", !no);
    if (!no) return;
    const bool own = no->code == "own_request";
    put(data, "second_person",
        v.text(own ? "set_up.waits_for_another" : "set_up.waits_for_association"));
}

page step_page(console_request& v, set_up_view view, int step) {
    page_data data;
    const auto& draft = view.draft;
    put(data, "slug", draft.slug.str());
    put_list(data, "steps", steps_of(v, view, step));
    for (int i = 1; i <= 5; ++i) flag(data, "step" + std::to_string(i), i == step);
    put_entries(v, data, draft);
    flag(data, "has_password", view.has_password);
    const bool begun = view.changed_at != instant{};
    const bool tested = view.tested_at != instant{};
    const bool active = view.in_force.active;
    flag(data, "begun", begun);
    flag(data, "tested", tested);
    if (tested)
        put(data, "tested_text", v.text("set_up.tested") + " " + v.time_text(view.tested_at));
    flag(data, "in_force", active && !begun);
    flag(data, "may_activate", view.asked_by.empty() && (tested || (active && !begun)));
    flag(data, "may_map", v.who.may(operation::change_mapping, draft.slug));
    put(data, "fetch_button", draft.directory.ca_certificate.empty() ? "primary" : "secondary");
    put_result(v, data);
    std::vector<std::string> ids{view.asked_by};
    const auto names = co_await names_for(v.at, std::move(ids));
    put_request(v, data, view, names);
    if (step == 2 && !draft.directory.ca_certificate.empty()) flag(data, "may_go_on", true);
    co_return show(v, "console_set_up", v.text("set_up.title") + ": " + draft.name.de,
                   std::move(data));
}

// What is no number is one that is refused.
std::size_t count_in(const std::string& text) {
    std::size_t count = 0;
    const auto end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, count);
    constexpr std::size_t none = 1'000'000;
    return text.empty() || error != std::errc() || stopped != end ? none : std::min(count, none);
}

set_up_entries entries_of(const console_request& v, int step) {
    set_up_entries given;
    const auto word = [&](const char* name, const auto& known, auto& into) {
        const auto text = v.in_form(name);
        for (const auto& [one, value] : known) {
            if (one == text) into = value;
        }
    };
    if (step == 1) {
        word("vendor", words::vendors, given.vendor);
        word("transport", words::transports, given.transport);
        given.urls = words_in(v.in_form("urls"));
        given.help_contact = v.in_form("help_contact");
    } else if (step == 3) {
        given.bind_dn = v.in_form("bind_dn");
        given.bind_password = secret_string(v.in_form("bind_password"));
    } else if (step == 4) {
        given.person_base = v.in_form("person_base");
        given.person_filter = v.in_form("person_filter");
        given.login_attributes = words_in(v.in_form("login_attributes"));
        given.group_base = v.in_form("group_base");
        word("groups", words::group_models, given.groups);
        given.member_of = v.in_form("member_of") == "yes";
        given.lockout_threshold = count_in(v.in_form("lockout_threshold"));
        given.lockout_window = std::chrono::minutes(count_in(v.in_form("lockout_minutes")));
    }
    return given;
}

std::string here(const member_slug& member, int step) {
    return "/console/members/" + member.str() + "/set-up?step=" + std::to_string(step);
}

// Refused on the same step, with what is kept so far.
page refused(console_request& v, const member_slug& member, int step, refusal no) {
    const auto view = co_await look_at_set_up(v.at, v.who, member);
    if (!view) co_return show_refusal(v, no);
    v.problem = std::move(no);
    co_return co_await step_page(v, *view, step);
}

page begin_job(console_request& v, const member_slug& member, int step, begun work) {
    auto running = co_await std::move(work);
    if (!running) co_return co_await refused(v, member, step, running.error());
    co_return http::see_other("/console/jobs/" + (*running)->id);
}

// The certificate that was compared, out of what the job has fetched: what the browser sends is the
// fingerprint only.
page trust(console_request& v, member_slug member) {
    const auto found = v.at.running.find(v.who, v.in_form("job"));
    const auto ended = found ? found->outcome() : nullptr;
    std::string pem;
    if (const auto* look = result_of<certificate_look>(ended)) {
        for (const auto& server : look->servers) {
            for (const auto& one : server.certificates) {
                if (one.sha256 == v.in_form("sha256")) pem = one.pem;
            }
        }
    }
    if (pem.empty()) co_return co_await refused(v, member, 2, invalid({}, "page_expired"));
    set_up_entries given;
    given.ca_certificate = std::move(pem);
    const auto keys = v.at.keys.get();
    const auto kept = co_await continue_set_up(v.at, v.who, *keys, member, std::move(given));
    if (!kept) co_return co_await refused(v, member, 2, kept.error());
    co_return go_on(here(member, 3), "trust");
}

page activate(console_request& v, member_slug member) {
    auto why = v.text("set_up.title");
    const auto made =
        co_await activate_set_up(v.at, v.who, member, v.in_form("administrator"), std::move(why));
    if (!made) co_return co_await refused(v, member, 5, made.error());
    co_return go_on(here(member, 5), made->waits ? "asked" : "activated");
}

page approve(console_request& v, member_slug member) {
    shown_digest shown(v.in_form("digest"));
    const auto made = co_await approve_set_up(v.at, v.who, member, std::move(shown));
    if (!made) co_return co_await refused(v, member, 5, made.error());
    co_return go_on(here(member, 5), "activated");
}

}  // namespace

page set_up_page(console_request& v) {
    const member_slug member(v.segment(1));
    const auto view = co_await look_at_set_up(v.at, v.who, member);
    if (!view) co_return show_refusal(v, view.error());
    const auto wanted = v.in_query("step");
    const int step =
        wanted.size() == 1 && wanted[0] >= '1' && wanted[0] <= '5' ? wanted[0] - '0' : 1;
    const int shown = view->draft.directory.urls.empty() ? 1 : step;
    co_return co_await step_page(v, *view, shown);
}

page set_up_again(console_request& v) {
    const auto view = co_await look_at_set_up(v.at, v.who, member_slug(v.segment(1)));
    if (!view) co_return show_refusal(v, view.error());
    const auto action = v.in_form("action");
    const auto typed = v.in_form("step");
    int step = typed.size() == 1 && typed[0] >= '1' && typed[0] <= '5' ? typed[0] - '0' : 1;
    if (action == "trust" || action == "fetch") step = 2;
    if (action == "activate" || action == "approve") step = 5;
    co_return co_await step_page(v, *view, step);
}

page post_set_up(console_request& v) {
    const member_slug member(v.segment(1));
    const auto action = v.in_form("action");
    const auto typed = v.in_form("step");
    const int step = typed.size() == 1 && typed[0] >= '0' && typed[0] <= '5' ? typed[0] - '0' : 1;
    if (action == "fetch") {
        auto work = begin_certificate_look(v.at, v.who, member);
        co_return co_await begin_job(v, member, 2, std::move(work));
    }
    if (action == "trust") co_return co_await trust(v, member);
    if (action == "activate") co_return co_await activate(v, member);
    if (action == "approve") co_return co_await approve(v, member);
    if (action == "give-up") {
        const auto done = co_await give_up_set_up(v.at, v.who, member);
        if (!done) co_return show_refusal(v, done.error());
        co_return go_on(here(member, 1), "given_up");
    }
    auto given = entries_of(v, step);
    const auto keys = v.at.keys.get();
    const auto kept = co_await continue_set_up(v.at, v.who, *keys, member, std::move(given));
    if (!kept) co_return co_await refused(v, member, step, kept.error());
    if (action == "test") {
        auto work = begin_set_up_test(v.at, v.who, member);
        co_return co_await begin_job(v, member, 4, std::move(work));
    }
    co_return go_on(here(member, std::min(step + 1, 5)), "step");
}

}  // namespace kommpass::idp::console
