#include "idp/admin/change_rights.hpp"

#include "idp/admin/actor.hpp"
#include "idp/admin/clients.hpp"
#include "idp/admin/repointing.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/rule_comparison.hpp"
#include "idp/admin/second_person.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/oauth/redirect_uri.hpp"
#include "policies/validation.hpp"

#include <algorithm>
#include <set>

namespace kommpass::idp::admin {
namespace {

using policies::document_kind;
using policies::registry;

template <class Map>
const typename Map::mapped_type* find(const Map& all, const std::string& key) {
    const auto found = all.find(typename Map::key_type(key));
    return found == all.end() ? nullptr : &found->second;
}

const policies::member* find_member(const registry& all, const std::string& slug) {
    const auto found = all.members.find(member_slug(slug));
    return found == all.members.end() ? nullptr : &found->second;
}

const policies::application* find_application(const registry& all, const std::string& key) {
    const auto found = all.applications.find(application_key(key));
    return found == all.applications.end() ? nullptr : &found->second;
}

const policies::client* find_client(const policies::application& of, const client_id& id) {
    const auto found = std::find_if(of.clients.begin(), of.clients.end(),
                                    [&](const policies::client& one) { return one.id == id; });
    return found == of.clients.end() ? nullptr : &*found;
}

// Addresses, keys and algorithms: what the operator of an application changes in a client without
// asking, since it reaches no further into others' data; addresses on hosts that it has (below).
bool same_but_upkeep(policies::client was, const policies::client& is) {
    was.secret_sha256 = is.secret_sha256;
    was.jwks = is.jwks;
    was.jwks_uri = is.jwks_uri;
    was.tls_client_auth_subject_dn = is.tls_client_auth_subject_dn;
    was.tls_client_auth_san_dns = is.tls_client_auth_san_dns;
    was.tls_client_auth_san_uri = is.tls_client_auth_san_uri;
    was.tls_client_auth_san_ip = is.tls_client_auth_san_ip;
    was.tls_client_auth_san_email = is.tls_client_auth_san_email;
    was.redirect_uris = is.redirect_uris;
    was.post_logout_redirect_uris = is.post_logout_redirect_uris;
    was.backchannel_logout_uri = is.backchannel_logout_uri;
    was.frontchannel_logout_uri = is.frontchannel_logout_uri;
    was.logout_token_typ = is.logout_token_typ;
    was.require_pkce = was.require_pkce || is.require_pkce;
    was.dpop_bound_access_tokens = was.dpop_bound_access_tokens || is.dpop_bound_access_tokens;
    was.tls_client_certificate_bound_access_tokens =
        was.tls_client_certificate_bound_access_tokens ||
        is.tls_client_certificate_bound_access_tokens;
    was.require_pushed_authorization_requests =
        was.require_pushed_authorization_requests || is.require_pushed_authorization_requests;
    was.require_signed_request_object =
        was.require_signed_request_object || is.require_signed_request_object;
    was.request_object_alg = is.request_object_alg;
    was.request_uris = is.request_uris;
    was.authorization_response_alg = is.authorization_response_alg;
    was.initiate_login_uri = is.initiate_login_uri;
    was.policy_uri = is.policy_uri;
    was.tos_uri = is.tos_uri;
    was.logo_uri = is.logo_uri;
    was.require_auth_time = is.require_auth_time;
    was.default_max_age = is.default_max_age;
    was.default_acr_values = is.default_acr_values;
    was.id_token_alg = is.id_token_alg;
    was.access_token_alg = is.access_token_alg;
    was.userinfo_alg = is.userinfo_alg;
    was.introspection_alg = is.introspection_alg;
    was.access_token_format = is.access_token_format;
    was.id_token_encryption_alg = is.id_token_encryption_alg;
    was.id_token_encryption_enc = is.id_token_encryption_enc;
    was.userinfo_encryption_alg = is.userinfo_encryption_alg;
    was.userinfo_encryption_enc = is.userinfo_encryption_enc;
    return was == is;
}

// Hosts, or schemes of native applications, that a browser with a code would be sent to, and that
// the association has not seen for this client.
std::vector<std::string> new_places(const policies::client& was, const policies::client& is) {
    const auto each = [](const policies::client& of, const auto& take) {
        for (const auto* list :
             {&of.redirect_uris, &of.post_logout_redirect_uris, &of.request_uris}) {
            for (const auto& uri : *list) take(oauth::place_of(uri));
        }
        for (const auto* uri :
             {&of.backchannel_logout_uri, &of.frontchannel_logout_uri, &of.jwks_uri,
              &of.initiate_login_uri, &of.policy_uri, &of.tos_uri, &of.logo_uri}) {
            if (!uri->empty()) take(oauth::place_of(*uri));
        }
    };
    std::set<std::string> known;
    each(was, [&](std::string place) { known.insert(std::move(place)); });
    std::vector<std::string> places;
    each(is, [&](std::string place) {
        if (known.insert(place).second) places.push_back(std::move(place));
    });
    return places;
}

class change_judgement {
public:
    change_judgement(const actor& who, const registry& before, const registry& after,
                     const std::string& refused, const member_slug& repointed)
        : who_(who), before_(before), after_(after), refused_(refused), repointed_(repointed) {}

    std::optional<refusal> judge(const policies::document_change& one) const {
        switch (one.kind) {
            case document_kind::member:
                return judge_member(find_member(before_, one.key), find_member(after_, one.key));
            case document_kind::application:
                return judge_application(find_application(before_, one.key),
                                         find_application(after_, one.key));
            case document_kind::subscription:
                return association(operation::change_subscription);
            case document_kind::constraint:
                return association(operation::change_constraint);
            case document_kind::mapping:
                return judge_mapping(find(before_.mappings, one.key),
                                     find(after_.mappings, one.key));
            case document_kind::grant:
                return judge_grant(find(before_.grants, one.key), find(after_.grants, one.key));
            case document_kind::withdrawal:
                return judge_withdrawal(find(before_.withdrawals, one.key),
                                        find(after_.withdrawals, one.key));
            case document_kind::exception:
                return judge_exception(find(before_.exceptions, one.key),
                                       find(after_.exceptions, one.key));
        }
        return no_such_thing();
    }

private:
    std::optional<refusal> association(operation what) const {
        if (who_.may_everywhere(what)) return std::nullopt;
        return forbidden("association_only");
    }

    // The directory and the help contact are the member's own business.
    std::optional<refusal> judge_member(const policies::member* before,
                                        const policies::member* after) const {
        const bool elsewhere = before != nullptr && after != nullptr && before->active &&
                               repoints(before->directory, after->directory);
        if (elsewhere && before->slug != repointed_) {
            if (auto no = of_member(operation::set_up_directory, before->slug)) return no;
            return forbidden("directory_needs_approval");
        }
        if (who_.may_everywhere(operation::change_member)) return std::nullopt;
        if (before == nullptr || after == nullptr) return association(operation::change_member);
        if (auto no = of_member(operation::set_up_directory, before->slug)) return no;
        auto own = *before;
        own.directory = after->directory;
        own.claims = after->claims;
        own.help_contact = after->help_contact;
        own.active = own.active || after->active;
        if (!(own == *after) || !same_on_the_machine(before->directory, after->directory))
            return association(operation::change_member);
        if (leads_secret_elsewhere(before->directory, after->directory))
            return invalid("bind_password", "password_again");
        return std::nullopt;
    }

    // Whoever operates the application looks after its clients; a new one waits for the
    // association.
    std::optional<refusal> judge_application(const policies::application* before,
                                             const policies::application* after) const {
        if (who_.may_everywhere(operation::change_application)) return std::nullopt;
        const bool operates =
            before != nullptr && after != nullptr && may_change_clients(who_, *before);
        if (!operates) return association(operation::change_application);
        auto own = *before;
        own.clients = after->clients;
        if (!(own == *after)) return association(operation::change_application);
        for (const auto& one : after->clients) {
            const auto* was = find_client(*before, one.id);
            const bool waits = one.state == policies::grant_state::requested;
            const bool asked = waits && one.asked_by == who_.id() && one.approved_by.empty();
            const bool still_asks = asked && was != nullptr && was->state == one.state;
            const bool may = was == nullptr ? asked : still_asks || same_but_upkeep(*was, one);
            if (!may) return forbidden("needs_approval");
            if (was == nullptr || still_asks) continue;
            if (auto places = new_places(*was, one); !places.empty())
                return refusal{refusal::reason::forbidden, "new_host_needs_association",
                               "redirect_uris", std::move(places)};
        }
        return std::nullopt;
    }

    std::optional<refusal> of_member(operation what, const std::optional<member_slug>& of) const {
        if (!of) return association(what);
        if (who_.may(what, *of)) return std::nullopt;
        return who_.may(operation::see_member, *of) ? forbidden("not_allowed") : no_such_thing();
    }

    std::optional<refusal> hand_out(const std::vector<role_name>& roles) const {
        for (const auto& name : roles) {
            if (!policies::is_association_only(after_, name)) continue;
            if (!who_.may_everywhere(operation::hand_out_association_role))
                return refusal{
                    refusal::reason::forbidden, "association_role", "role", {name.str()}};
        }
        return std::nullopt;
    }

    // The targets whose agreement differs: each is its own administrators' to give; to withdraw it,
    // the owner may as well.
    template <class Rule>
    std::optional<refusal> judge_agreements(const Rule* before, const Rule& after,
                                            bool is_owner) const {
        const std::vector<member_slug> none;
        const auto& was = before == nullptr ? none : before->agreed;
        for (const auto& one : after.agreed) {
            const bool is_new = std::find(was.begin(), was.end(), one) == was.end();
            if (is_new && !who_.may(operation::agree_scope, one)) return forbidden("not_agreed");
        }
        for (const auto& one : was) {
            const bool gone =
                std::find(after.agreed.begin(), after.agreed.end(), one) == after.agreed.end();
            if (gone && !is_owner && !who_.may(operation::agree_scope, one)) return no_such_thing();
        }
        return std::nullopt;
    }

    std::optional<refusal> judge_mapping(const policies::mapping* before,
                                         const policies::mapping* after) const {
        const bool refuses = before != nullptr && before->id == refused_;
        if (after == nullptr || refuses) {
            // Who may approve may refuse.
            const bool waits = before->state == policies::grant_state::requested;
            if (waits && !of_member(operation::approve_grant, before->member)) return std::nullopt;
            return of_member(operation::change_mapping, before->member);
        }
        if (before != nullptr && *before == *after)
            return of_member(operation::change_mapping, before->member);
        if (before != nullptr && is_approval(*before, *after)) {
            if (auto no = of_member(operation::approve_grant, before->member)) return no;
            if (before->asked_by == who_.id()) return forbidden("own_request");
            if (after->approved_by != who_.id()) return forbidden("not_allowed");
            return std::nullopt;
        }
        if (before != nullptr && same_but_agreed(*before, *after)) {
            const bool owner = !of_member(operation::change_mapping, before->member);
            return judge_agreements(before, *after, owner);
        }
        if (before != nullptr) {
            if (auto no = of_member(operation::change_mapping, before->member)) return no;
        }
        if (auto no = of_member(operation::change_mapping, after->member)) return no;
        if (auto no = hand_out(after->roles)) return no;
        return judge_agreements(before, *after, true);
    }

    // What an employee asks for waits, until somebody who gives roles has approved it.
    std::optional<refusal> judge_request(const policies::grant& one) const {
        const bool waits = one.state == policies::grant_state::requested &&
                           one.approved_by.empty() && one.agreed.empty();
        const bool own = one.member == who_.member() && one.asked_by == who_.id();
        const auto& on_behalf_of = one.deputy_of.empty() ? one.person : one.deputy_of;
        if (!waits || !own || on_behalf_of != who_.person()) return forbidden("needs_approval");
        return hand_out({one.role});
    }

    std::optional<refusal> judge_new_grant(const policies::grant& one) const {
        if (who_.is_employee()) return judge_request(one);
        if (auto no = of_member(operation::request_grant, one.member)) return no;
        if (auto no = hand_out({one.role})) return no;
        if (!who_.person().empty() && one.person == who_.person()) return forbidden("own_person");
        if (one.asked_by != who_.id()) return forbidden("not_allowed");
        if (!one.approved_by.empty()) return forbidden("needs_approval");
        return judge_agreements<policies::grant>(nullptr, one, true);
    }

    template <class Document>
    std::optional<refusal> judge_approval(const Document& before, const Document& after,
                                          operation what) const {
        if (auto no = of_member(what, before.member)) return no;
        if (before.asked_by == who_.id()) return forbidden("own_request");
        if (before.person.str() == who_.id()) return forbidden("own_person");
        if (after.approved_by != who_.id()) return forbidden("not_allowed");
        return std::nullopt;
    }

    // What still waits is taken back by whoever asked for it. What holds already is given up by the
    // person themselves, who asked for it or lent it to a deputy; whoever gives roles ends it by
    // their right over the member, which they may have lost since they asked.
    bool is_own_to_give_up(const policies::grant& one) const {
        if (one.asked_by != who_.id()) return false;
        if (one.state == policies::grant_state::requested) return true;
        return !who_.person().empty() &&
               (one.person == who_.person() || one.deputy_of == who_.person());
    }

    std::optional<refusal> judge_grant(const policies::grant* before,
                                       const policies::grant* after) const {
        using policies::grant_state;
        if (before == nullptr) return judge_new_grant(*after);
        if (after == nullptr) {
            if (is_own_to_give_up(*before)) return std::nullopt;
            return of_member(operation::end_grant, before->member);
        }
        if (same_but_agreed(*before, *after)) {
            const bool owner = !of_member(operation::end_grant, before->member);
            return judge_agreements(before, *after, owner);
        }
        if (before->state == grant_state::requested && after->state == grant_state::active)
            return judge_approval(*before, *after, approval_right(who_, after_, *after));
        if (after->person != before->person || after->role != before->role ||
            after->member != before->member)
            return forbidden("not_allowed");
        // An earlier end is always the giver's to set; anything more is a new grant.
        auto shorter = *before;
        shorter.until = after->until;
        const bool earlier = after->until && (!before->until || *after->until < *before->until);
        if (shorter == *after && earlier) return of_member(operation::end_grant, before->member);
        return forbidden("grant_is_fixed");
    }

    std::optional<refusal> judge_withdrawal(const policies::withdrawal* before,
                                            const policies::withdrawal* after) const {
        if (before != nullptr) {
            if (auto no = of_member(operation::end_grant, before->member)) return no;
        }
        return after == nullptr ? std::nullopt : of_member(operation::end_grant, after->member);
    }

    std::optional<refusal> judge_exception(const policies::constraint_exception* before,
                                           const policies::constraint_exception* after) const {
        using policies::grant_state;
        if (before == nullptr) {
            if (auto no = of_member(operation::request_exception, after->member)) return no;
            const bool approved = after->state == grant_state::active;
            if (approved || after->asked_by != who_.id()) return forbidden("needs_approval");
            return std::nullopt;
        }
        if (after == nullptr) {
            const bool waits = before->state == grant_state::requested;
            if (waits && before->asked_by == who_.id()) return std::nullopt;
            return of_member(operation::request_exception, before->member)
                       ? of_member(operation::approve_exception, before->member)
                       : std::nullopt;
        }
        auto approved = *before;
        approved.state = grant_state::active;
        approved.approved_by = after->approved_by;
        approved.approved_on = after->approved_on;
        if (!(approved == *after)) return forbidden("grant_is_fixed");
        return judge_approval(*before, *after, operation::approve_exception);
    }

    const actor& who_;
    const registry& before_;
    const registry& after_;
    const std::string& refused_;
    const member_slug& repointed_;
};

}  // namespace

std::optional<refusal> judge_changes(const actor& who, const registry& before,
                                     const registry& after,
                                     const std::vector<policies::document_change>& changes,
                                     const std::string& refused, const member_slug& repointed) {
    if (who.is_host()) return std::nullopt;
    const change_judgement one(who, before, after, refused, repointed);
    for (const auto& change : changes) {
        if (auto no = one.judge(change)) {
            no->details.insert(no->details.begin(), change.name());
            return no;
        }
    }
    return std::nullopt;
}

}  // namespace kommpass::idp::admin
