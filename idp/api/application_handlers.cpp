// Clients and roles of applications, the signing keys, and looking back.
#include "idp/admin/actor.hpp"
#include "idp/admin/catalogue.hpp"
#include "idp/admin/client_claims.hpp"
#include "idp/admin/client_registration.hpp"
#include "idp/admin/clients.hpp"
#include "idp/admin/document_json.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/processing.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/admin/signing_keys.hpp"
#include "idp/api/handlers.hpp"
#include "idp/api/json_views.hpp"
#include "idp/api/shown_version.hpp"
#include "idp/jose/key_ring.hpp"

namespace kommpass::idp::api {
namespace {

using boost::asio::awaitable;
using boost::json::object;

application_key application_of(const call& c) { return application_key(c.in_path("application")); }
client_id client_of(const call& c) { return client_id(c.in_path("client")); }

}  // namespace

awaitable<answer<outcome>> put_client_document(call& c) {
    const auto document = c.object_in("client");
    if (!document) co_return document.error();
    auto wanted = client_from(without_version(*document));
    if (!wanted) co_return wanted.error();
    if (wanted->id.empty()) wanted->id = client_of(c);
    if (wanted->id != client_of(c)) co_return invalid("client.id", "differs_from_address");
    auto why = c.text("why");
    if (!why) co_return why.error();
    const auto new_subjects = c.truth("new_subjects");
    if (!new_subjects) co_return new_subjects.error();
    co_return told(co_await put_client(c.at, c.who, application_of(c), std::move(*wanted),
                                       std::move(*why), c.if_match, *new_subjects));
}

awaitable<answer<outcome>> delete_client(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    auto shown = shown_in(c);
    if (!shown) co_return shown.error();
    co_return told(co_await remove_client(c.at, c.who, application_of(c), client_of(c),
                                          std::move(*why), std::move(*shown)));
}

awaitable<answer<outcome>> post_client_approval(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    auto shown = shown_in(c);
    if (!shown) co_return shown.error();
    co_return told(co_await approve_client(c.at, c.who, application_of(c), client_of(c),
                                           std::move(*why), std::move(*shown)));
}

awaitable<answer<outcome>> post_client_secret(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    const auto made =
        co_await make_client_secret(c.at, c.who, application_of(c), client_of(c), std::move(*why));
    if (!made) co_return made.error();
    auto answered = revision_outcome(made->revision);
    answered.body.as_object()["secret"] = made->secret;
    co_return answered;
}

awaitable<answer<outcome>> post_registration_token(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    const auto made =
        co_await issue_initial_access_token(c.at, c.who, application_of(c), std::move(*why));
    if (!made) co_return made.error();
    co_return outcome{object{{"token", made->token}, {"expires_at", utc_text(made->expires_at)}}};
}

awaitable<answer<outcome>> delete_old_secret(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    co_return told(
        co_await end_old_secret(c.at, c.who, application_of(c), client_of(c), std::move(*why)));
}

awaitable<answer<outcome>> show_client_failures(call& c) {
    const auto found = co_await client_failures(c.at, c.who, application_of(c), client_of(c));
    if (!found) co_return found.error();
    boost::json::array list;
    for (const auto& one : *found) {
        list.push_back(object{{"at", utc_text(one.at)},
                              {"event", one.event},
                              {"result", one.result},
                              {"description", one.description}});
    }
    co_return outcome{object{{"failures", std::move(list)}}};
}

awaitable<answer<outcome>> show_client_claims(call& c) {
    const auto made = co_await client_claims(c.at, c.who, application_of(c), client_of(c),
                                             person_id(c.in_query("person")));
    if (!made) co_return made.error();
    co_return outcome{*made};
}

awaitable<answer<outcome>> put_role_document(call& c) {
    const auto document = c.object_in("role");
    if (!document) co_return document.error();
    auto wanted = role_from(*document);
    if (!wanted) co_return wanted.error();
    if (wanted->name.empty()) wanted->name = role_name(c.in_path("role"));
    if (wanted->name.view() != c.in_path("role"))
        co_return invalid("role.name", "differs_from_address");
    auto why = c.text("why");
    if (!why) co_return why.error();
    co_return told(co_await put_role(c.at, c.who, application_of(c), std::move(*wanted),
                                     std::move(*why), c.if_match));
}

awaitable<answer<outcome>> delete_role(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    co_return told(co_await remove_role(c.at, c.who, application_of(c),
                                        role_name(c.in_path("role")), std::move(*why)));
}

awaitable<answer<outcome>> show_keys(call& c) {
    const auto keys = signing_keys(c.at, c.who);
    if (!keys) co_return keys.error();
    co_return outcome{keys_json(**keys, c.at.settings)};
}

awaitable<answer<outcome>> post_key_rotation(call& c) {
    co_return told(c, co_await begin_key_rotation(c.at, c.who));
}

awaitable<answer<outcome>> post_past_access(call& c) {
    past_question asked;
    auto application = c.text("application");
    auto role = c.text("role");
    auto purpose = c.text("purpose");
    for (const auto* one : {&application, &role, &purpose}) {
        if (!*one) co_return one->error();
    }
    const auto on = c.day_in("day");
    if (!on) co_return on.error();
    asked.member = member_slug(c.in_path("member"));
    asked.application = application_key(std::move(*application));
    asked.role = role_name(std::move(*role));
    asked.purpose = std::move(*purpose);
    asked.day = *on;
    co_return told(c, co_await begin_past_access(c.at, c.who, std::move(asked)));
}

awaitable<answer<outcome>> show_processing(call& c) {
    auto made = processing_overview(c.at, c.who);
    if (!made) co_return made.error();
    co_return outcome{std::move(*made)};
}

}  // namespace kommpass::idp::api
