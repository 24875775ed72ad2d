#include "tests/idp/attacks/arguments.hpp"

#include "idp/http/form.hpp"
#include "idp/service/shared_parts.hpp"
#include "tests/idp/attacks/random_documents.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace kommpass::tests::attacks {
namespace {

namespace json = boost::json;

using maker = std::string (*)(world&, dice&);

std::string known(world& w, dice& d, const char* pool) { return w.any_known(pool, d); }

std::string reason(world&, dice& d) {
    if (d.one_in(15)) return {};
    return d.of({"Boese-Hostil", "Vorgang 17", "<script>alert(1)</script>"});
}
std::string any_day(world&, dice& d) {
    if (d.one_in(6)) return d.of({"1970-01-01", "gestern", ""});
    return d.of({"2099-01-01", "2026-09-21", "2026-10-30"});
}
std::string any_member(world& w, dice& d) { return known(w, d, "member"); }
// Beside whom a rule is for, or who is to agree: others, too.
std::string any_target(world& w, dice& d) { return d.of(w.known("member")); }
std::string any_person(world& w, dice& d) { return known(w, d, "person"); }
std::string any_role(world& w, dice& d) {
    if (!d.one_in(3)) return d.of({"groupware.postfach", "dms.lesen", "meso.auskunft"});
    return known(w, d, "role");
}
std::string any_client(world& w, dice& d) {
    if (!w.wanted_id.empty()) return w.wanted_id;
    return d.one_in(3) ? known(w, d, "user") : known(w, d, "client");
}
std::string any_application(world& w, dice& d) { return known(w, d, "application"); }
std::string any_user(world& w, dice& d) { return known(w, d, "user"); }
std::string any_text(world&, dice& d) {
    if (d.one_in(40)) return std::string(5000, 'y');
    return d.of({"Boese-Hostil", "", "x", "fed.zentraladmin", "*", "../lebus"});
}
std::string any_domain(world&, dice& d) {
    return d.of({"amt-lebus.example", "cottbus.example", "dikom.example", "HOSTIL.example",
                 "hostil.example", "example"});
}
std::string any_base(world&, dice& d) {
    return d.of(
        {"ou=people,dc=hostil,dc=example", "ou=people,dc=lebus,dc=example", "dc=example", ""});
}
// Nothing that a test would wait for: closed ports of this machine.
std::string any_url(world&, dice& d) {
    if (d.one_in(5)) return d.of({"ldap://127.0.0.1:1", "ldap://[::1]:1", "kein Name"});
    return "ldaps://127.0.0.1:1";
}
std::string any_redirect(world&, dice& d) {
    if (d.one_in(6)) return d.of({"javascript:alert(1)", "http://127.0.0.1/", "*"});
    return d.of({"https://boese.example/", "https://groupware-web.example/callback"});
}
std::string any_number(world& w, dice& d) {
    if (d.one_in(6)) return d.of({"-1", "99999999999999999999", "x"});
    return std::to_string(
        1 + d.below(static_cast<std::size_t>(w.idp.parts().registry.get()->revision())));
}

std::string any_document(world& w, dice& d) { return known(w, d, "document"); }
std::string any_group(world& w, dice& d) { return known(w, d, "group"); }
std::string any_constraint(world& w, dice& d) { return known(w, d, "constraint"); }

struct named_maker {
    std::string_view name;
    maker make;
};

// Parameters of operations and fields of documents and forms, by name.
constexpr named_maker makers[] = {
    {"why", reason},
    {"reason", reason},
    {"note", reason},
    {"purpose", reason},
    {"title", reason},
    {"description", any_text},
    {"member", any_member},
    {"members", any_member},
    {"remove_members", any_member},
    {"target", any_target},
    {"for_members", any_target},
    {"agreed", any_target},
    {"like", any_target},
    {"operated_by", any_member},
    {"person", any_person},
    {"deputy_of", any_person},
    {"asked_by", any_person},
    {"approved_by", any_person},
    {"role", any_role},
    {"roles", any_role},
    {"includes", any_role},
    {"except", any_role},
    {"first", any_role},
    {"second", any_role},
    {"client", any_client},
    {"new_subjects", any_client},
    {"audiences", any_client},
    {"application", any_application},
    {"sector", any_application},
    {"user_name", any_user},
    {"administrator", any_user},
    {"slug", any_member},
    {"name", any_text},
    {"name_en", any_text},
    {"name_variant", any_text},
    {"help_contact", any_text},
    {"domains", any_domain},
    {"day", any_day},
    {"from", any_day},
    {"until", any_day},
    {"due", any_day},
    {"since", any_day},
    {"asked_on", any_day},
    {"approved_on", any_day},
    {"month",
     [](world&, dice& d) {
         return d.of({"2026-09", "2026-08", "2026-13"});
     }},
    {"event",
     [](world&, dice& d) {
         return d.of({"sign_in", "grant", "registry.applied", ""});
     }},
    {"language",
     [](world&, dice& d) {
         return d.of({"de", "en", "dsb"});
     }},
    {"answer",
     [](world&, dice& d) {
         return d.of({"confirm", "end", "x"});
     }},
    {"number", any_number},
    {"before", any_number},
    {"after", any_number},
    {"document", any_document},
    {"group", any_group},
    {"constraint", any_constraint},
    {"attribute",
     [](world&, dice& d) {
         return d.of({"mail", "department", "o"});
     }},
    {"attribute_value", any_domain},
    {"within", any_base},
    {"person_base", any_base},
    {"group_base", any_base},
    {"bind_dn", any_base},
    {"urls", any_url},
    {"vendor",
     [](world&, dice& d) {
         return d.of({"openldap", "openldap", "active-directory", "x"});
     }},
    {"transport",
     [](world&, dice& d) {
         return d.one_in(4) ? d.of({"starttls", "plain"}) : std::string("ldaps");
     }},
    {"groups",
     [](world&, dice& d) {
         return d.of({"group-of-names", "posix-group"});
     }},
    {"ca_certificate", any_text},
    {"bind_password", any_text},
    {"person_filter",
     [](world&, dice& d) {
         return d.of({"(objectClass=*)", "(objectClass=*)", "(|"});
     }},
    {"login_attributes",
     [](world&, dice& d) {
         return d.of({"uid", "mail"});
     }},
    {"redirect_uris", any_redirect},
    {"post_logout_redirect_uris", any_redirect},
    {"backchannel_logout_uri", any_redirect},
    {"frontchannel_logout_uri", any_redirect},
    {"initiate_login_uri", any_redirect},
    {"policy_uri", any_redirect},
    {"tos_uri", any_redirect},
    {"logo_uri", any_redirect},
    {"grant_types",
     [](world&, dice& d) {
         return d.of({"client_credentials", "authorization_code"});
     }},
    {"scopes",
     [](world&, dice& d) {
         return d.of({"openid", "profile", "email", "phone", "fed:write"});
     }},
    {"secret_sha256", any_text},
    {"jwks", any_text},
    {"jwks_uri", any_redirect},
    {"request_uris", any_redirect},
    {"profile",
     [](world&, dice& d) {
         return d.of({"oidc", "fapi2", "fapi2-message-signing", "x"});
     }},
    {"tls_client_auth_subject_dn", any_base},
    {"tls_client_auth_san_dns", any_domain},
    {"tls_client_auth_san_uri", any_url},
    {"tls_client_auth_san_ip", any_text},
    {"tls_client_auth_san_email", any_text},
    {"digest", [](world& w, dice& d) { return known(w, d, "digest"); }},
};

// What an "id" is the id of: by the operation's address.
std::string id_for(std::string_view path, world& w, dice& d) {
    if (!w.wanted_id.empty()) return w.wanted_id;
    for (const auto& [start, pool] : {std::pair{"/mappings/", "mapping"},
                                      {"/grants/", "grant"},
                                      {"/exceptions/", "exception"},
                                      {"/constraints/", "constraint"}}) {
        if (!path.starts_with(start)) continue;
        if (d.one_in(5)) return d.of({"hostil-neu", "lebus-neu", "g-neu", "hostil-zwei"});
        return known(w, d, pool);
    }
    return known(w, d, "id");  // of reviews, jobs and whatever answers named
}

json::value any_integer(dice& d) {
    constexpr std::array numbers{
        0LL, 1LL, 5LL, 30LL, 100'000LL, -1LL, std::numeric_limits<long long>::max()};
    return numbers[d.below(numbers.size())];
}

json::value value_for(const idp::api::parameter& one, std::string_view path,
                      const std::string& own_name, world& w, dice& d) {
    if (d.one_in(60)) return json::value(17);
    using kind = idp::api::shape::kind;
    const auto what = one.type().what;
    if (what == kind::truth) return json::value(d.one_in(2));
    if (what == kind::number) return any_integer(d);
    if (what == kind::object) return random_document(one.name, own_name, w, d);
    if (what == kind::list) {
        json::array list;
        for (auto i = d.below(3); i > 0; --i)
            list.emplace_back(text_for(one.name, path, w, d).value_or("x"));
        return list;
    }
    return json::value(text_for(one.name, path, w, d).value_or("x"));
}

}  // namespace

std::optional<std::string> text_for(std::string_view name, std::string_view path, world& w,
                                    dice& d) {
    if (name == "id") return id_for(path, w, d);
    for (const auto& one : makers) {
        if (one.name == name) return one.make(w, d);
    }
    return std::nullopt;
}

std::vector<std::string> unknown_parameters(std::span<const idp::api::endpoint> table) {
    std::vector<std::string> unknown;
    for (const auto& what : table) {
        for (const auto& one : what.parameters) {
            const bool by_name = std::any_of(std::begin(makers), std::end(makers),
                                             [&](const auto& m) { return m.name == one.name; });
            using kind = idp::api::shape::kind;
            const auto type = one.type().what;
            const bool known = type == kind::truth || one.name == "id" ||
                               (type == kind::number && one.in == "body") ||
                               (type == kind::object ? is_known_document(one.name) : by_name);
            if (!known) unknown.push_back(std::string(what.id) + ": " + std::string(one.name));
        }
    }
    return unknown;
}

api_request arguments_for(const idp::api::endpoint& what, world& w, dice& d) {
    api_request made{&what, std::string(what.path), {}};
    json::object body;
    fields query;
    std::string last_in_path;  // whose name it is that a document in the body has
    for (const auto& one : what.parameters) {
        if (one.in == "path") {
            last_in_path = text_for(one.name, what.path, w, d).value_or("x");
            const auto place = "{" + std::string(one.name) + "}";
            made.path.replace(made.path.find(place), place.size(), last_in_path);
            continue;
        }
        if (d.one_in(one.required ? 40 : 2)) continue;
        if (one.in == "query")
            query.emplace_back(one.name, text_for(one.name, what.path, w, d).value_or("x"));
        else
            body[one.name] = value_for(one, what.path, last_in_path, w, d);
    }
    if (!query.empty()) made.path = idp::http::with_query(made.path, query);
    if (!body.empty()) made.body = json::serialize(body);
    return made;
}

}  // namespace kommpass::tests::attacks
