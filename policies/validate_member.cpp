#include "config/vocabulary/distinguished_name.hpp"
#include "policies/grammar.hpp"
#include "policies/validation.hpp"

#include <algorithm>

namespace kommpass::policies {
namespace {

using namespace std::chrono_literals;

class member_validation {
public:
    member_validation(const member& m, config::mistakes& wrong)
        : m_(m), d_(m.directory), wrong_(wrong) {}

    void all() {
        names();
        if (!m_.active) return;
        urls();
        service_account();
        persons();
        groups();
        bounds();
    }

private:
    void say(std::string text) {
        wrong_.push_back({"members/" + m_.slug.str(), 0, std::move(text)});
    }

    void names() {
        if (!grammar::is_slug(m_.slug.view()))
            say("slug \"" + m_.slug.str() + "\" must be lower-case letters, digits and '-'");
        if (m_.name.de.empty())
            say("\"name\" is missing: how people know the member, such as \"Amt Lebus\"");
        for (const auto& domain : m_.domains) {
            if (!grammar::is_domain(domain))
                say("domain \"" + domain + "\" must be a domain name in lower case");
        }
    }

    void urls() {
        if (d_.urls.empty()) say("directory: \"urls\" is missing: [\"ldaps://host:636\"]");
        for (const auto& url : d_.urls) {
            const auto parsed = grammar::parse_directory_url(url);
            if (!parsed.valid)
                say("directory: url \"" + url + "\" must be ldap://host:port or ldaps://host:port");
            else if (parsed.ldaps != (d_.transport == directory_transport::ldaps)) {
                say("directory: url \"" + url +
                    "\" does not fit the transport; ldaps:// goes with \"ldaps\", ldap:// with "
                    "\"starttls\"");
            } else if (d_.transport == directory_transport::plain && !parsed.loopback &&
                       !d_.allow_plain_text) {
                say("directory: \"" + url +
                    "\" would send passwords in plain text; use transport = \"ldaps\" or "
                    "\"starttls\"");
            }
        }
    }

    void service_account() {
        const auto passwords = static_cast<int>(!d_.bind_password_file.empty()) +
                               static_cast<int>(!d_.bind_password_env.empty()) +
                               static_cast<int>(!d_.bind_password_sealed.empty());
        const bool has_password = passwords > 0;
        if (!d_.bind_dn.empty() && !distinguished_name::parse(d_.bind_dn))
            say("directory: bind_dn \"" + d_.bind_dn + "\" is no distinguished name");
        if (!d_.bind_dn.empty() && !has_password && d_.client_certificate_file.empty())
            say("directory: bind_dn needs bind_password_file or bind_password_env");
        if (passwords > 1)
            say("directory: give one of bind_password_file, bind_password_env and "
                "bind_password_sealed");
        if (d_.ca_certificate.size() > 16 * 1024 ||
            (!d_.ca_certificate.empty() &&
             !d_.ca_certificate.starts_with("-----BEGIN CERTIFICATE-----\n")))
            say("directory: ca_certificate must be one certificate as PEM text");
        const bool has_certificate = !d_.client_certificate_file.empty();
        if (has_certificate == d_.client_key_file.empty())
            say("directory: client_certificate_file and client_key_file go together");
        if (has_certificate && d_.transport == directory_transport::plain)
            say("directory: a client certificate needs transport = \"ldaps\" or \"starttls\"");
        if (has_certificate && has_password)
            say("directory: give a client certificate or a bind password, not both");
    }

    void persons() {
        if (d_.person_base.empty())
            say("directory: \"person_base\" is missing: where persons are, such as "
                "\"ou=people,dc=lebus,dc=example\"");
        else if (!distinguished_name::parse(d_.person_base))
            say("directory: person_base \"" + d_.person_base + "\" is no distinguished name");
        if (!d_.person_filter.empty() && !grammar::is_filter(d_.person_filter))
            say("directory: person_filter \"" + d_.person_filter +
                "\" is no filter; its parentheses must match");
        for (const auto* list : {&d_.login_attributes, &d_.extra_attributes, &d_.tie_attributes}) {
            for (const auto& attribute : *list) attribute_name(attribute);
        }
        if (!d_.id_attribute.empty()) attribute_name(d_.id_attribute);
        mapped_claims();
        if (!d_.netbios_name.empty() && !grammar::is_netbios_name(d_.netbios_name))
            say("directory: netbios_name \"" + d_.netbios_name +
                "\" must be 1 to 15 letters, digits and '-'");
    }

    // An attribute that nobody asks the directory for has no values.
    void mapped_claims() {
        const auto& c = m_.claims;
        const auto& asked = d_.extra_attributes;
        for (const auto* attribute :
             {&c.middle_name, &c.nickname, &c.profile, &c.picture, &c.website, &c.gender,
              &c.birthdate, &c.zoneinfo, &c.locale, &c.updated_at, &c.region, &c.country}) {
            if (attribute->empty()) continue;
            if (std::find(asked.begin(), asked.end(), *attribute) == asked.end())
                say("claims: attribute \"" + *attribute +
                    "\" is not among the directory's extra_attributes");
        }
    }

    void attribute_name(const std::string& attribute) {
        if (!grammar::is_attribute(attribute))
            say("directory: \"" + attribute + "\" is no attribute name");
    }

    void groups() {
        if (!d_.group_base.empty() && !distinguished_name::parse(d_.group_base))
            say("directory: group_base \"" + d_.group_base + "\" is no distinguished name");
        const bool ad = d_.vendor == directory_vendor::active_directory;
        if (d_.groups == group_model::in_chain && !ad)
            say("directory: groups = \"in-chain\" is Active Directory's alone");
        if (d_.groups == group_model::stepwise && !ad)
            say("directory: groups = \"stepwise\" is Active Directory's alone; elsewhere member_of "
                "has the same effect");
        if (d_.member_of && d_.groups == group_model::posix_group)
            say("directory: posix groups have no memberOf");
    }

    void bounds() {
        if (d_.nesting_depth < 0 || d_.nesting_depth > 32)
            say("directory: nesting_depth must be from 0 to 32");
        if (d_.connect_timeout < 100ms || d_.connect_timeout > 60s)
            say("directory: connect_timeout must be from \"100ms\" to \"60s\"");
        if (d_.deadline < d_.connect_timeout || d_.deadline > 2min)
            say("directory: deadline must be at least connect_timeout and at most \"2m\"");
        if (d_.failover_after < 100ms || d_.failover_after > d_.deadline)
            say("directory: failover_after must be from \"100ms\" to the deadline");
        if (d_.health_check < 1s || d_.health_check > 10min)
            say("directory: health_check must be from \"1s\" to \"10m\"");
        if (d_.lockout_threshold == 1)
            say("directory: lockout_threshold 1 would leave no attempt; 0 means no lock-out");
        if (d_.poll_interval < 1s || d_.poll_interval > 15min)
            say("directory: poll_interval must be from \"1s\" to \"15m\": leavers must be out by "
                "then");
        if (d_.trust_while_unreachable > std::chrono::days(7))
            say("directory: trust_while_unreachable must not be longer than \"7d\"");
        if (d_.identity_cache > 15min)
            say("directory: identity_cache must not be longer than \"15m\": leavers must be out by "
                "then");
        if (d_.group_cache > 15min)
            say("directory: group_cache must not be longer than \"15m\": who left a group must be "
                "out of it by then");
        if (d_.page_size > 10'000) say("directory: page_size must not be larger than 10000");
        if (d_.search_connections > 16 || d_.bind_connections > 64)
            say("directory: at most 16 search_connections and 64 bind_connections");
    }

    const member& m_;
    const directory_settings& d_;
    config::mistakes& wrong_;
};

}  // namespace

void validate_member(const registry&, const member& m, config::mistakes& wrong) {
    member_validation(m, wrong).all();
}

}  // namespace kommpass::policies
