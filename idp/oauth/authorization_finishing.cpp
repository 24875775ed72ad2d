#include "idp/oauth/authorization_flow.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/audit/events.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/algorithm.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/next_page.hpp"
#include "idp/login/sign_in_pages.hpp"
#include "idp/login/sign_in_state.hpp"
#include "idp/oauth/authorization_response.hpp"
#include "idp/oauth/claims.hpp"
#include "idp/oauth/consent.hpp"
#include "idp/oauth/redirect_uri.hpp"
#include "idp/oauth/step_up.hpp"
#include "idp/oauth/subject.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/identity_json.hpp"
#include "idp/sessions/person_ids.hpp"
#include "idp/sessions/single_sign_on.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/codes.hpp"
#include "idp/store/consents.hpp"
#include "idp/store/record_id.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/web/image_source.hpp"
#include "idp/web/role_power.hpp"

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

constexpr auto code_lifetime = std::chrono::seconds(60);

web::error_page_reason reason_for(policies::access verdict) {
    switch (verdict) {
        case policies::access::no_role:
            return web::error_page_reason::no_role;
        case policies::access::weak_sign_in:
        case policies::access::old_sign_in:
            return web::error_page_reason::weak_sign_in;
        case policies::access::wrong_network:
            return web::error_page_reason::wrong_network;
        default:
            return web::error_page_reason::no_subscription;
    }
}

// One authorization on its way from a known person to the client's answer.
class finishing {
public:
    finishing(authorization_flow& flow, const authorization_parts& parts, const http::request& http,
              const sessions::browser& from, const authorization_request& request,
              sessions::signed_in person, way_out way)
        : flow_(flow),
          p_(parts),
          http_(http),
          from_(from),
          request_(request),
          person_(std::move(person)),
          way_(way),
          now_(parts.time.now()),
          keys_(parts.keys.get()),
          sign_in_record_(parts.recorder.record_of(http, audit::event::sign_in_success, "ok")),
          authorization_record_(
              parts.recorder.record_of(http, audit::event::authorization_granted, "ok")) {
        sign_in_record_.client = request.client->id;
        authorization_record_.client = request.client->id;
    }

    awaitable<http::response> run(consent_answer consent) {
        if (!flow_.is_recent_enough(request_, person_)) co_return sign_in_anew();
        if (asks_essential_level(request_) &&
            level_of(request_, person_.session.acr) != level_standing::reached)
            co_return co_await refuse_level();
        if (!co_await know_person()) co_return unavailable();
        const auto address = http_.peer.to_string();
        const policies::sign_in_circumstances how{person_.session.acr,
                                                  std::chrono::duration_cast<std::chrono::seconds>(
                                                      now_ - person_.session.authenticated_at),
                                                  address};
        const auto decision = request_.registry->decide(
            {person_.who, person_.session.person, local_day_of(now_)}, *request_.application, &how);
        if (decision.verdict != policies::access::granted) {
            if (!co_await settle()) co_return unavailable();
            if (auto later = on_a_page_of_its_own()) co_return *std::move(later);
            co_return co_await refuse_access(decision.verdict);
        }
        if (const auto* missing = first_not_held(decision.roles)) {
            if (!co_await settle()) co_return unavailable();
            co_return co_await refuse_detail(*missing);
        }
        // Consent and the hinted subject speak of a person id, which a first sign-in gets when it
        // is stored.
        if (request_.client->consent || request_.prompt.consent ||
            !request_.hinted_subject.empty() || !request_.details.empty()) {
            if (!co_await settle()) co_return unavailable();
            if (!is_hinted_person()) {
                const auto no =
                    refusal_of(request_, "login_required", "another person is signed in");
                auto refused = co_await flow_.refuse(http_, from_, request_, no, way_);
                co_return with_cookie(std::move(refused));
            }
            if (consent == consent_answer::not_asked && co_await must_ask_consent()) {
                if (auto later = on_a_page_of_its_own()) co_return *std::move(later);
                co_return ask_consent();
            }
        }
        co_return co_await issue_code();
    }

private:
    http::response sign_in_anew() const {
        if (request_.prompt.none) {
            return answer_error("login_required", "it was too long ago");
        }
        return p_.pages.first(http_, from_, beginning_of(request_, &person_));
    }

    // Signed in, and not as strongly as the application must have it: a new try would end here too.
    awaitable<http::response> refuse_level() {
        if (!co_await settle()) co_return unavailable();
        const auto no = refusal_of(request_, "unmet_authentication_requirements",
                                   "the sign-in does not reach the acr that was asked for");
        auto refused = co_await flow_.refuse(http_, from_, request_, no, way_);
        co_return with_cookie(std::move(refused));
    }

    // Who signs in at this moment may be somebody to whom roles were given before.
    awaitable<bool> know_person() {
        const auto& documents = request_.registry->documents();
        if (!person_.session.person.empty() ||
            (documents.grants.empty() && documents.withdrawals.empty() &&
             documents.exceptions.empty()))
            co_return true;
        auto work = [this](store::transaction& t) {
            return sessions::id_of_entry(t, *keys_, person_.session.member,
                                         person_.session.directory);
        };
        auto id = co_await p_.memory.read(work);
        if (id) person_.session.person = std::move(*id);
        co_return id.has_value();
    }

    // Stores a new session by itself, where more steps follow before a code is issued.
    awaitable<bool> settle() {
        if (stored_ || !person_.is_new()) co_return true;
        auto work = [this](store::transaction& t) {
            sessions::begin_session(t, person_, *keys_, sign_in_record_);
        };
        const auto done = co_await p_.memory.write(work);
        stored_ = done.has_value();
        co_return stored_;
    }

    const role_detail* first_not_held(const std::vector<policies::effective_role>& roles) const {
        for (const auto& one : request_.details) {
            if (!is_held(one, roles)) return &one;
        }
        return nullptr;
    }

    // The client learns that the person may not do this, and not what they may.
    awaitable<http::response> refuse_detail(const role_detail& missing) {
        const auto no = refusal_of(
            request_, "access_denied",
            "the person does not hold role " + missing.role.str() + " for " + missing.member.str());
        auto refused = co_await flow_.refuse(http_, from_, request_, no, way_);
        co_return with_cookie(std::move(refused));
    }

    bool is_hinted_person() const {
        if (request_.hinted_subject.empty()) return true;
        return subject_for(*request_.client, *request_.application, person_.session.person,
                           *p_.keys.get()) == request_.hinted_subject;
    }

    awaitable<bool> must_ask_consent() {
        // Powers are asked for each time: consent to them is for this reason alone.
        if (request_.prompt.consent || !request_.details.empty()) co_return true;
        if (!request_.client->consent) co_return false;
        auto work = [this](store::transaction& t) {
            return t.consents().find(person_.session.person, request_.client->id);
        };
        const auto known = co_await p_.memory.read(work);
        co_return !known || !*known || !covers(**known, request_);
    }

    http::response ask_consent() {
        if (request_.prompt.none) {
            return with_cookie(answer_error("consent_required", "consent is needed"));
        }
        auto state = state_at(login::stage::consent);
        web::consent_page page;
        page.action = "/sign-in";
        page.transaction = state.seal(*p_.keys.get());
        page.person_name = person_.who.display_name;
        page.scopes = request_.scope;
        for (const auto& claim : claims_to_consent(request_))
            page.scopes.push_back("claim_" + claim);
        page.details = sentences();
        page.client = appearance_of(request_).links;
        page.offline_access = contains(request_.scope, "offline_access");
        auto answer = http::html(200, web::render(frame(), page));
        answer.form_action = form_targets();
        answer.image_source = web::image_source_of(page.client);
        return with_cookie(std::move(answer));
    }

    // "Auskunft", for "Stadt Cottbus": names that a person knows, in place of ours.
    std::vector<std::string> sentences() const {
        const auto lang = frame().lang;
        const auto in_words = [&](const policies::localized_text& text) {
            return lang == web::language::en && !text.en.empty() ? text.en : text.de;
        };
        std::vector<std::string> all;
        for (const auto& one : request_.details) {
            const auto* role = request_.registry->find_role(one.role);
            const auto* member = request_.registry->find_member(one.member);
            all.push_back(web::role_power_sentence(
                lang, role != nullptr ? in_words(role->title) : one.role.str(),
                member != nullptr ? in_words(member->name) : one.member.str(), one.reason));
        }
        return all;
    }

    // Where a form is answered: the redirect to the page that asks or refuses. The session is
    // stored by then.
    std::optional<http::response> on_a_page_of_its_own() const {
        if (http_.method != http::method::post) return std::nullopt;
        const login::next_page page{login::face::onward, state_at(login::stage::identify)};
        auto address = page.address(*p_.keys.get());
        if (!address) return std::nullopt;
        return with_cookie(http::see_other(*std::move(address)));
    }

    http::response answer_error(std::string_view error, std::string_view description) const {
        return flow_.answer(http_, from_, request_,
                            parameters_of(refusal_of(request_, error, description)), way_);
    }

    std::string form_targets() const {
        const auto outside = form_action_source(request_.target.redirect_uri);
        return outside.empty() ? "'self'" : "'self' " + outside;
    }

    // Of a page that goes on from this very session.
    login::sign_in_state state_at(login::stage stands) const {
        login::sign_in_state state{std::string(authorize_purpose), stands, request_.parameters,
                                   from_.id, now_};
        state.session = person_.session.id;
        return state;
    }

    awaitable<http::response> issue_code() {
        const auto text = p_.random.token(32);
        auto code = make_code(text);
        bool first = true;
        auto work = [&](store::transaction& t) {
            first = use_up(t, request_.how, request_.client->id.view(), now_);
            if (!first) return;
            if (person_.is_new() && !stored_)
                sessions::begin_session(t, person_, *keys_, sign_in_record_);
            else
                sessions::note_use(t, person_, now_);
            code.given.person = person_.session.person;
            code.given.session = person_.session.id;
            t.codes().put(code);
            authorization_record_.person = person_.session.person;
            authorization_record_.member = person_.session.member;
            t.audit().append(authorization_record_);
        };
        const auto done = co_await p_.memory.write(work);
        if (!done) co_return unavailable();
        if (!first) {
            const refused_with_page used{web::error_page_reason::page_expired,
                                         "the authorization request has led to a code before",
                                         request_.application->name.de, request_.client->id};
            co_return co_await flow_.refuse_with_page(http_, used);
        }
        response_parameters parameters{{"code", text}};
        co_return with_cookie(flow_.answer(http_, from_, request_, std::move(parameters), way_));
    }

    store::issued_code make_code(const std::string& text) {
        store::issued_code code;
        code.code_hash = jose::sha256(text);
        auto& given = code.given;
        given.family = store::new_record_id(p_.random, now_);
        given.client = request_.client->id;
        given.member = person_.session.member;
        given.directory = person_.session.directory;
        given.scope = request_.scope;
        given.resources = request_.resources;
        given.claims_json = request_.claims_json;
        given.bound_to = request_.bound_to;
        given.details_json = to_text(request_.details);
        given.identity_json = person_.is_new() || person_.from_memory
                                  ? person_.session.identity_json
                                  : sessions::to_json(person_.who);
        given.authenticated_at = person_.session.authenticated_at;
        given.amr = person_.session.amr;
        given.acr = person_.session.acr;
        if (request_.redirect_uri_was_sent) code.redirect_uri = request_.target.redirect_uri;
        code.challenge = request_.challenge;
        code.nonce = request_.nonce;
        code.expires_at = now_ + code_lifetime;
        return code;
    }

    awaitable<http::response> refuse_access(policies::access verdict) {
        authorization_record_.event = audit::name_of(audit::event::authorization_refused);
        authorization_record_.result = name_of(verdict);
        authorization_record_.person = person_.session.person;
        authorization_record_.member = person_.session.member;
        auto record = authorization_record_;
        co_await p_.recorder.append(std::move(record));
        if (request_.prompt.none) {
            co_return with_cookie(answer_error("access_denied", name_of(verdict)));
        }
        const auto* member = request_.registry->find_member(person_.session.member);
        web::error_page page;
        page.reason = reason_for(verdict);
        page.member_name = member != nullptr ? member->name.de : person_.session.member.str();
        page.application_name = request_.application->name.de;
        if (!from_.id.empty()) {
            page.action = "/sign-in";
            page.transaction = state_at(login::stage::refused).seal(*p_.keys.get());
        }
        if (verdict == policies::access::no_role)
            p_.missing_role.add_to(page, *request_.registry, *request_.application, person_,
                                   frame().lang);
        auto answer = http::html(403, web::render(frame(), page));
        answer.form_action = form_targets();
        co_return with_cookie(std::move(answer));
    }

    http::response with_cookie(http::response answer) const {
        if (person_.is_new()) sessions::set_session_cookie(answer, person_.new_secret);
        return answer;
    }

    http::response unavailable() const {
        return http::html(
            503,
            web::render(frame(), web::error_page{web::error_page_reason::internal, {}, {}, {}}));
    }

    web::frame frame() const {
        auto around = sessions::frame_for(p_.settings, http_, request_.ui_locales);
        around.application_name = request_.application->name.de;
        return around;
    }

    authorization_flow& flow_;
    const authorization_parts& p_;
    const http::request& http_;
    const sessions::browser& from_;
    const authorization_request& request_;
    sessions::signed_in person_;
    way_out way_;
    instant now_;
    jose::key_ring_ptr keys_;
    store::audit_record sign_in_record_;
    store::audit_record authorization_record_;
    bool stored_ = false;
};

}  // namespace

awaitable<http::response> authorization_flow::finish(const http::request& http,
                                                     const sessions::browser& from,
                                                     const authorization_request& request,
                                                     sessions::signed_in person,
                                                     consent_answer consent, way_out way) {
    finishing step(*this, parts_, http, from, request, std::move(person), way);
    co_return co_await step.run(consent);
}

}  // namespace kommpass::idp::oauth
