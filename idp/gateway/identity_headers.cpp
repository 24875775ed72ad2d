#include "idp/gateway/identity_headers.hpp"

#include "idp/gateway/header_value.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/member_names.hpp"
#include "idp/oauth/subject.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::gateway {
namespace {

// Longer than a proxy's way to the application, and too short to be of use elsewhere.
constexpr auto assertion_lifetime = std::chrono::seconds(60);

struct shown_person {
    std::string user, subject, name, mail, member, roles, acr, assertion;
};

std::vector<std::string> role_names(const policies::application& application,
                                    const std::vector<policies::effective_role>& roles) {
    const auto prefix = application.key.str() + ".";
    std::vector<std::string> names;
    for (const auto& one : roles) {
        const bool strip =
            application.claim.strip_application_prefix && one.name.view().starts_with(prefix);
        names.push_back(one.name.str().substr(strip ? prefix.size() : 0));
    }
    return names;
}

std::string signed_assertion(const policies::application& application, const shown_person& shown,
                             const std::vector<std::string>& roles, const jose::key_ring& keys,
                             const std::string& issuer, instant now) {
    const auto at = to_unix_seconds(now);
    boost::json::array held;
    for (const auto& one : roles) held.emplace_back(one);
    const boost::json::object claims{{"iss", issuer},
                                     {"aud", application.key.view()},
                                     {"sub", shown.subject},
                                     {"iat", at},
                                     {"exp", at + assertion_lifetime.count()},
                                     {"preferred_username", shown.user},
                                     {"name", shown.name},
                                     {"email", shown.mail},
                                     {"member", shown.member},
                                     {"roles", std::move(held)},
                                     {"acr", shown.acr}};
    return keys.sign(jose::algorithm::es256, "JWT", boost::json::serialize(claims));
}

// Pairs of what the entry names and what is shown; the names in their own order.
header_list listed(const policies::application& application, const shown_person& shown) {
    const auto& named = application.gateway.headers;
    const auto plain = policies::header_format::percent;
    header_list all;
    const auto add = [&](const std::string& name, const std::string& text, auto format) {
        if (!name.empty()) all.emplace_back(name, header_value(text, format));
    };
    add(named.user, shown.user, plain);
    add(named.subject, shown.subject, plain);
    add(named.name, shown.name, named.format);
    add(named.mail, shown.mail, plain);
    add(named.member, shown.member, plain);
    add(named.roles, shown.roles, plain);
    add(named.acr, shown.acr, plain);
    add(named.assertion, shown.assertion, plain);
    return all;
}

}  // namespace

header_list identity_headers(const policies::application& application, const spoken_of& of,
                             const jose::key_ring& keys, const std::string& issuer, instant now) {
    shown_person shown;
    shown.user = oauth::unique_name(of.who, of.member);
    // As every client of the application sees the person that has no sector of its own.
    shown.subject = oauth::subject_for({}, application, of.person, keys);
    shown.name = oauth::shown_text(of.who.display_name);
    const auto mail = oauth::mail_for(of.who, of.member, policies::foreign_mail::omit);
    shown.mail = mail ? mail->address : std::string();
    shown.member = of.who.member.str();
    shown.acr = of.acr;
    const auto names = role_names(application, of.roles);
    for (const auto& one : names) shown.roles += (shown.roles.empty() ? "" : ",") + one;
    if (!application.gateway.headers.assertion.empty())
        shown.assertion = signed_assertion(application, shown, names, keys, issuer, now);
    return listed(application, shown);
}

header_list empty_headers(const policies::application& application) {
    return listed(application, {});
}

}  // namespace kommpass::idp::gateway
