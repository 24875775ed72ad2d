#include "idp/gateway/gateway_purpose.hpp"

#include "config/settings.hpp"
#include "idp/audit/events.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/gateway/asked_request.hpp"
#include "idp/gateway/host_addresses.hpp"
#include "idp/gateway/judgement.hpp"
#include "idp/gateway/path_rules.hpp"
#include "idp/gateway/tickets.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/next_page.hpp"
#include "idp/login/sign_in_pages.hpp"
#include "idp/oauth/authorization_flow.hpp"
#include "idp/oauth/authorization_response.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/sessions/single_sign_on.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/record_id.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/web/pages.hpp"

#include <utility>

namespace kommpass::idp::gateway {
namespace {

using boost::asio::awaitable;
using reason = web::error_page_reason;

reason reason_for(policies::access verdict) {
    switch (verdict) {
        case policies::access::no_role:
            return reason::no_role;
        case policies::access::weak_sign_in:
        case policies::access::old_sign_in:
            return reason::weak_sign_in;
        case policies::access::wrong_network:
            return reason::wrong_network;
        default:
            return reason::no_subscription;
    }
}

class opened_gateway final : public login::purpose_request {
public:
    opened_gateway(const gateway_parts& parts, policies::snapshot_ptr registry,
                   const policies::application& application, way_in way, std::string parameters)
        : p_(parts),
          registry_(std::move(registry)),
          application_(application),
          way_(std::move(way)),
          parameters_(std::move(parameters)) {}

    login::appearance looks() const override {
        login::appearance shown;
        shown.application = application_.name;
        return shown;
    }

    awaitable<http::response> go_on(const http::request& request, const sessions::browser& from,
                                    sessions::signed_in person) override {
        return lead_on(request, from, std::move(person), oauth::way_out::page);
    }

    // Nothing here asks for consent: the application is the operator's own.
    awaitable<http::response> take_consent(const http::request& request, const sessions::browser&,
                                           sessions::signed_in, bool) override {
        co_return sessions::error_answer(p_.settings, request, 400, reason::page_expired);
    }

    bool is_recent_enough(const sessions::signed_in& person) const override {
        const auto longest = application_.longest_sign_in_age;
        return !longest || p_.time.now() - person.session.authenticated_at <= *longest;
    }

    // Nobody waits for an answer; the pages do not offer it.
    awaitable<http::response> cancel(const http::request&, const sessions::browser&) override {
        co_return http::see_other("/account");
    }
    http::response answer(const http::request&, std::string_view) override {
        return http::see_other("/account");
    }

    awaitable<http::response> begin_anew(const http::request& request,
                                         const sessions::browser& from,
                                         std::string user_name) override {
        return begin(request, from, std::move(user_name), true);
    }

    awaitable<http::response> begin(const http::request& request, const sessions::browser& from,
                                    std::string user_name, bool anew) {
        auto found = co_await p_.sso.find(request, from);
        if (!found) co_return sessions::error_answer(p_.settings, request, 503, reason::internal);
        if (*found)
            co_return co_await lead_on(request, from, **std::move(found), oauth::way_out::redirect);
        co_return sign_in(request, from, nullptr, std::move(user_name), anew);
    }

private:
    http::response sign_in(const http::request& request, const sessions::browser& from,
                           const sessions::signed_in* renews, std::string user_name, bool anew) {
        login::beginning begins;
        begins.purpose = gateway_purpose_name;
        begins.parameters = parameters_;
        begins.looks = looks();
        begins.login_hint = std::move(user_name);
        begins.renews = renews;
        begins.anew = anew;
        return p_.pages.first(request, from, std::move(begins));
    }

    // What holds for the address to come back to.
    const policies::gateway_rule* rule() const {
        const auto path = read_path(way_.to);
        return path.ambiguous ? nullptr : rule_for(application_.gateway, path, "GET");
    }

    policies::access decide(const http::request& request, const sessions::signed_in& person) const {
        const auto now = p_.time.now();
        const auto address = request.peer.to_string();
        const policies::sign_in_circumstances how{
            person.session.acr,
            std::chrono::duration_cast<std::chrono::seconds>(now - person.session.authenticated_at),
            address};
        const auto whole = registry_->decide({person.who, person.session.person, local_day_of(now)},
                                             application_, &how);
        return judge(whole, rule(), person.session.acr);
    }

    awaitable<http::response> lead_on(const http::request& request, const sessions::browser& from,
                                      sessions::signed_in person, oauth::way_out out) {
        const bool is_new = person.is_new();
        if (is_new && !co_await settle(request, person))
            co_return sessions::error_answer(p_.settings, request, 503, reason::internal);
        if (request.method == http::method::post) {
            if (auto later = on_a_page_of_its_own(from, person))
                co_return with_cookie(*std::move(later), person);
        }
        const auto verdict = decide(request, person);
        const bool a_better_one_helps =
            verdict == policies::access::weak_sign_in || verdict == policies::access::old_sign_in;
        // Of a sign-in that has just been made nothing better is to be had.
        if (a_better_one_helps && out == oauth::way_out::redirect) {
            std::string nobody;
            co_return sign_in(request, from, &person, std::move(nobody), false);
        }
        if (verdict != policies::access::granted)
            co_return with_cookie(co_await refuse(request, person, verdict), person);
        auto answer = co_await give_code(request, person, out);
        co_return with_cookie(std::move(answer), person);
    }

    awaitable<bool> settle(const http::request& request, sessions::signed_in& person) {
        client_id nobody;
        return p_.sso.settle(request, person, std::move(nobody));
    }

    // Where a form is answered: the redirect to a page that goes on from this very session.
    std::optional<http::response> on_a_page_of_its_own(const sessions::browser& from,
                                                       const sessions::signed_in& person) const {
        login::next_page page{login::face::onward,
                              {std::string(gateway_purpose_name), login::stage::identify,
                               parameters_, from.id, p_.time.now()}};
        page.state.session = person.session.id;
        auto address = page.address(*p_.keys.get());
        if (!address) return std::nullopt;
        return http::see_other(*std::move(address));
    }

    http::response with_cookie(http::response answer, const sessions::signed_in& person) const {
        if (person.is_new()) sessions::set_session_cookie(answer, person.new_secret);
        return answer;
    }

    store::audit_record record_of(const http::request& request, const sessions::signed_in& person,
                                  audit::event what, std::string_view result) const {
        auto record = p_.recorder.record_of(request, what, result);
        record.person = person.session.person;
        record.member = person.session.member;
        record.detail_json =
            audit::detail({{"application", application_.key.view()}, {"host", way_.host}});
        return record;
    }

    awaitable<http::response> refuse(const http::request& request,
                                     const sessions::signed_in& person, policies::access verdict) {
        auto record =
            record_of(request, person, audit::event::authorization_refused, name_of(verdict));
        co_await p_.recorder.append(std::move(record));
        auto frame = sessions::frame_for(p_.settings, request);
        frame.application_name = application_.name.de;
        const auto* member = registry_->find_member(person.session.member);
        web::error_page page{reason_for(verdict), {}, {}, {}};
        page.member_name = member != nullptr ? member->name.de : person.session.member.str();
        page.application_name = application_.name.de;
        if (verdict == policies::access::no_role) {
            p_.missing_role.add_to(page, *registry_, application_, person, frame.lang);
            name_roles_of_rule(page, frame.lang);
        }
        co_return http::html(403, web::render(frame, page));
    }

    // Where the rule of a path demands roles, these are the ones that are missed, and no others.
    void name_roles_of_rule(web::error_page& page, language lang) const {
        const auto* demanding = rule();
        if (demanding == nullptr || demanding->roles.empty()) return;
        page.reason = reason::no_role_here;
        page.roles.clear();
        for (const auto& name : demanding->roles) {
            const auto* role = registry_->find_role(name);
            if (role == nullptr) continue;
            const bool in_english = lang == language::en && !role->title.en.empty();
            page.roles.push_back(in_english ? role->title.en : role->title.de);
        }
        page.detail = demanding->path;
    }

    awaitable<http::response> give_code(const http::request& request,
                                        const sessions::signed_in& person, oauth::way_out out) {
        const auto now = p_.time.now();
        way_back way;
        way.began = way_;
        way.application = application_.key;
        way.session = person.session.id;
        way.id = store::new_record_id(p_.random, now);
        way.expires_at = now + way_back::lifetime;
        const auto record = record_of(request, person, audit::event::authorization_granted, "ok");
        auto work = [&](store::transaction& t) {
            sessions::note_use(t, person, now);
            t.audit().append(record);
        };
        const auto done = co_await p_.memory.write(work);
        if (!done) co_return sessions::error_answer(p_.settings, request, 503, reason::internal);
        const auto callback = http::with_query(address_at(way_.host, callback_path),
                                               {{"code", way.seal(*p_.keys.get())}});
        auto frame = sessions::frame_for(p_.settings, request);
        frame.application_name = application_.name.de;
        co_return oauth::go_out(callback, frame, out);
    }

    const gateway_parts& p_;
    policies::snapshot_ptr registry_;
    const policies::application& application_;
    way_in way_;
    std::string parameters_;
};

}  // namespace

awaitable<login::purpose::opened> gateway_purpose::open(const http::request& request,
                                                        std::string_view parameters) {
    const auto form = http::form::parse(parameters);
    const auto sealed = form ? form->get("way") : std::nullopt;
    auto way = sealed ? way_in::open(*parts_.keys.get(), *sealed, parts_.time.now()) : std::nullopt;
    auto registry = parts_.registry.get();
    const auto* application = way ? application_at(*registry, way->host) : nullptr;
    if (application == nullptr)
        co_return opened(
            sessions::error_answer(parts_.settings, request, 400, reason::page_expired));
    std::unique_ptr<login::purpose_request> made = std::make_unique<opened_gateway>(
        parts_, std::move(registry), *application, *std::move(way), std::string(parameters));
    co_return opened(std::move(made));
}

awaitable<http::response> gateway_purpose::begin(const http::request& request) {
    const auto query = http::form::parse(request.query);
    if (query && query->get("trouble") == "cookies")
        co_return sessions::error_answer(parts_.settings, request, 403, reason::wrong_browser);
    auto one = co_await open(request, request.query);
    if (auto* answer = std::get_if<http::response>(&one)) co_return std::move(*answer);
    const auto made = std::get<std::unique_ptr<login::purpose_request>>(std::move(one));
    const auto from = sessions::browser::of(request);
    std::string nobody;
    co_return co_await static_cast<opened_gateway&>(*made).begin(request, from, std::move(nobody),
                                                                 false);
}

}  // namespace kommpass::idp::gateway
