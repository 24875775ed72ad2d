// Members join, are invited, and leave.
#include "config/settings.hpp"
#include "idp/admin/members.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/seen_documents.hpp"
#include "idp/console/pages.hpp"
#include "idp/console/shown_once.hpp"
#include "idp/http/form.hpp"
#include "idp/jose/key_ring.hpp"

namespace kommpass::idp::console {
namespace {

using web::page_data;
using web::put;
using web::put_list;

http::response new_member_form(console_request& v) {
    const auto like = members_for(v.at, v.who, operation::change_member);
    if (!like) return show_refusal(v, like.error());
    page_data data;
    for (const auto* name : {"slug", "name", "name_en", "domains", "help_contact", "why"})
        put(data, name, v.in_form(name));
    put_list(data, "members",
             member_options(like->documents, v.in_form("like"), v.text("membership.nobody")));
    return show(v, "console_new_member", v.text("membership.new"), std::move(data));
}

}  // namespace

page new_member_page(console_request& v) { co_return new_member_form(v); }

page post_member(console_request& v) {
    const member_slug slug(v.in_form("slug"));
    member_facts facts;
    facts.name = policies::localized_text{v.in_form("name"), v.in_form("name_en")};
    facts.domains = words_in(v.in_form("domains"));
    facts.help_contact = v.in_form("help_contact");
    const auto made = co_await create_member(v.at, v.who, slug, std::move(facts),
                                             member_slug(v.in_form("like")), v.in_form("why"));
    if (!made) {
        v.problem = made.error();
        co_return new_member_form(v);
    }
    co_return go_on("/console/members/" + slug.str(), "member");
}

page post_invitation(console_request& v) {
    const member_slug member(v.segment(1));
    const auto keys = v.at.keys.get();
    const auto made = co_await invite(v.at, v.who, *keys, v.at.settings.issuer, member);
    if (!made) co_return show_refusal(v, made.error());
    co_return to_shown_once(v, "/console/members/" + member.str() + "/invitation",
                            {made->link, made->good_until});
}

// Once, after the form.
page invitation_page(console_request& v) {
    const auto theirs = members_for(v.at, v.who, operation::change_member);
    if (!theirs) co_return show_refusal(v, theirs.error());
    const member_slug member(v.segment(1));
    const auto waiting = dated_waiting_for(v);
    if (!waiting) co_return http::see_other("/console/members/" + member.str());
    const auto& link = waiting->text;
    page_data data;
    put(data, "slug", member.str());
    put(data, "link", link);
    put(data, "good_until",
        v.text("membership.good_until") + " " + v.time_text(waiting->good_until));
    put(data, "mail",
        "mailto:?subject=" + http::percent_encode(v.text("membership.mail_subject")) +
            "&body=" + http::percent_encode(v.text("membership.mail_text") + link));
    auto answer = show(v, "console_invitation", v.member_name(member), std::move(data));
    forget_shown(answer);
    co_return answer;
}

page post_member_leaves(console_request& v) {
    const member_slug member(v.segment(1));
    if (v.in_form("confirmation") != member.view())
        co_return show_refusal(v, invalid("confirmation", "not_confirmed"));
    const auto gone = co_await remove_member(v.at, v.who, member, v.in_form("why"));
    if (!gone) co_return show_refusal(v, gone.error());
    co_return go_on("/console", "left");
}

}  // namespace kommpass::idp::console
