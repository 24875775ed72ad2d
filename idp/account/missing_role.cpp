#include "idp/account/missing_role.hpp"

#include "config/settings.hpp"
#include "idp/admin/directory_findings.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/role_requests.hpp"
#include "idp/http/form.hpp"
#include "idp/sessions/single_sign_on.hpp"
#include "idp/store/sessions.hpp"
#include "idp/web/catalogue.hpp"
#include "idp/web/language.hpp"
#include "idp/web/pages.hpp"
#include "policies/explain.hpp"

namespace kommpass::idp::account {
namespace {

std::string letter(const web::catalogue& words, const std::string& application,
                   const std::string& issuer, const sessions::signed_in& person) {
    return words.text("error.request_text") + " " + application + ".\n" +
           words.text("error.request_role") + " \n\n" + words.text("error.request_place") + " " +
           issuer + "/console/persons/" + person.session.person.str() + "\n\n" +
           words.text("error.request_end") + "\n" + person.who.display_name;
}

}  // namespace

void missing_role::add_to(web::error_page& page, const policies::snapshot& registry,
                          const policies::application& application,
                          const sessions::signed_in& person, web::language lang) const {
    const auto& p = operations_;
    const auto& words = web::catalogue::of(lang);
    const auto language =
        lang == web::language::en ? policies::language::en : policies::language::de;
    for (const auto& role : application.roles) {
        if (role.handed_out_by == policies::role_giver::member)
            page.roles.push_back(text_in(role.title, language));
    }
    std::string to;
    const auto managers = p.found.managers.get();
    const auto found = managers->find(person.session.member);
    if (found != managers->end()) {
        for (const auto& one : found->second) {
            if (!one.gives) continue;
            page.contacts.emplace_back(one.name, one.mail);
            if (!one.mail.empty()) to += (to.empty() ? "" : ",") + one.mail;
        }
    }
    const auto* member = registry.find_member(person.session.member);
    if (page.contacts.empty() && member != nullptr) page.help_contact = member->help_contact;
    if (admin::offers_requests(application))
        page.ask_uri = "/account/role?application=" + application.key.str();
    const auto subject = words.text("error.request_subject") + " " + page.application_name;
    page.request_uri =
        "mailto:" + http::percent_encode(to) + "?subject=" + http::percent_encode(subject) +
        "&body=" +
        http::percent_encode(letter(words, page.application_name, p.settings.issuer, person));
}

}  // namespace kommpass::idp::account
