#include "idp/api/json_views.hpp"

#include "idp/admin/campaigns.hpp"
#include "idp/admin/document_json.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/api/json_list.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/campaigns.hpp"
#include "policies/explain.hpp"

#include <fmt/chrono.h>
#include <boost/json/parse.hpp>

namespace kommpass::idp::api {
namespace {

using boost::json::array;
using boost::json::object;

array texts(const std::vector<std::string>& all) {
    return list_of(all, [](const std::string& one) { return boost::json::value(one); });
}

object to_json(const policies::snapshot& registry, const policies::provenance& why) {
    object made;
    made["document"] = why.document();
    made["sentence"] = sentence(registry, why, policies::language::de);
    made["group"] = why.group;
    made["group_path"] = texts(why.group_path);
    made["attribute"] = why.attribute;
    made["within"] = why.within;
    made["through"] =
        list_of(why.through, [](const auto& one) { return boost::json::value(one.view()); });
    made["for_members"] = api::to_json(why.for_members);
    if (why.from) made["from"] = to_string(*why.from);
    if (why.until) made["until"] = to_string(*why.until);
    if (const auto* author = registry.author_of(why.document())) {
        made["revision"] = author->revision;
        made["by"] = author->who;
        made["because"] = author->why;
        made["since"] = utc_text(author->at);
    }
    return made;
}

object scoped(const policies::scoped_role& one) {
    object made;
    made["role"] = one.role.view();
    made["for_member"] = one.for_member.view();
    return made;
}

object to_json(const open_session& one) {
    object made;
    made["id"] = one.id;
    made["since"] = utc_text(one.authenticated_at);
    made["last_used"] = utc_text(one.last_used_at);
    made["until"] = utc_text(one.expires_at);
    made["acr"] = one.acr;
    return made;
}

object to_json(const identity& who) {
    object made;
    made["login_name"] = who.login_name;
    made["display_name"] = who.display_name;
    made["mail"] = who.mail;
    made["dn"] = who.dn;
    made["groups"] = list_of(who.groups, [](const group_membership& group) {
        object one;
        one["name"] = group.name;
        one["dn"] = group.dn;
        one["path"] = texts(group.path);
        one["other_names"] = texts(group.other_names);
        return one;
    });
    made["groups_cut_off"] = who.groups_cut_off;
    return made;
}

}  // namespace

std::string utc_text(instant at) {
    if (at == instant{}) return {};
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(at));
}

array to_json(const std::vector<member_slug>& all) {
    return list_of(all, [](const auto& one) { return boost::json::value(one.view()); });
}

object to_json(const policies::conflict& one) {
    object made;
    made["constraint"] = one.constraint;
    made["first"] = one.first.view();
    made["second"] = one.second.view();
    made["for_members"] = to_json(one.for_members);
    made["exception"] = one.exception;
    made["sentence"] = sentence(one, policies::language::de);
    return made;
}

object to_json(const policies::snapshot& registry, const policies::evaluation& all) {
    object made;
    made["roles"] = list_of(all.roles, [&](const policies::effective_role& role) {
        object one;
        one["role"] = role.name.view();
        const auto* known = registry.find_role(role.name);
        one["title"] = known == nullptr ? std::string() : known->title.de;
        one["for_members"] = to_json(role.for_members);
        one["because"] =
            list_of(role.because, [&](const auto& why) { return to_json(registry, why); });
        return one;
    });
    made["conflicts"] = list_of(all.conflicts, [](const auto& one) { return to_json(one); });
    made["withheld"] = list_of(all.withheld, [](const policies::withheld_role& role) {
        object one;
        one["role"] = role.name.view();
        one["document"] = role.document;
        one["for_members"] = to_json(role.for_members);
        one["sentence"] = sentence(role, policies::language::de);
        return one;
    });
    return made;
}

object to_json(const person_view& view) {
    object made;
    made["id"] = view.person.id.view();
    made["member"] = view.person.member.view();
    made["first_seen"] = utc_text(view.person.first_seen);
    made["directory"] = view.who ? "answered" : view.gone ? "gone" : "silent";
    if (view.who) made["identity"] = to_json(*view.who);
    made["evaluation"] = to_json(*view.registry, view.roles);
    const auto document = [](const auto& one) { return admin::to_json(one); };
    made["grants"] = list_of(view.grants, document);
    made["withdrawals"] = list_of(view.withdrawals, document);
    made["exceptions"] = list_of(view.exceptions, document);
    made["sessions"] = list_of(view.sessions, [](const auto& one) { return to_json(one); });
    return made;
}

array half_known_in(const reading_extent& came) {
    return list_of(came.named, [](const auto& one) {
        return object{{"person", one.person.view()},
                      {"login_name", one.login_name},
                      {"display_name", one.display_name}};
    });
}

object to_json(const std::vector<member_effects>& all) {
    object made;
    std::size_t persons = 0;
    std::size_t conflicts = 0;
    std::size_t half_known = 0;
    array half_known_persons;
    array cut_off;
    array effects;
    for (const auto& member : all) {
        persons += member.effects.persons;
        conflicts += member.effects.conflicts;
        half_known += member.came.half_known;
        for (auto& one : half_known_in(member.came)) {
            one.as_object()["member"] = member.member.view();
            half_known_persons.push_back(std::move(one));
        }
        if (!member.came.everybody())
            cut_off.push_back(
                object{{"member", member.member.view()}, {"cut_off_by", member.came.cut_off_by}});
        for (const auto& effect : member.effects.effects) {
            object one;
            one["member"] = member.member.view();
            one["person"] = effect.person.view();
            one["login_name"] = effect.login_name;
            one["display_name"] = effect.display_name;
            one["gains"] = list_of(effect.gains, scoped);
            one["loses"] = list_of(effect.loses, scoped);
            one["conflicts"] =
                list_of(effect.new_conflicts, [](const auto& found) { return to_json(found); });
            effects.push_back(std::move(one));
        }
    }
    made["persons"] = persons;
    made["conflicts"] = conflicts;
    made["complete"] = cut_off.empty();
    made["cut_off"] = std::move(cut_off);
    made["groups_cut_off"] = half_known;
    made["groups_cut_off_of"] = std::move(half_known_persons);
    made["effects"] = std::move(effects);
    return made;
}

object to_json(const policies::snapshot& registry, const std::vector<role_holder>& all) {
    object made;
    made["holders"] = list_of(all, [&](const role_holder& holder) {
        object one;
        one["person"] = holder.person.view();
        one["login_name"] = holder.login_name;
        one["display_name"] = holder.display_name;
        one["evaluation"] = to_json(registry, holder.roles);
        return one;
    });
    return made;
}

object to_json(const overview& all) {
    object made;
    made["members"] = list_of(all.members, [](const member_state& state) {
        object one;
        one["member"] = state.member.view();
        one["directory_silent_seconds"] = state.silent_for.count();
        one["applications"] = state.applications;
        one["conflicts"] = state.conflicts;
        one["active"] = state.active;
        return one;
    });
    made["offers"] = list_of(all.offers, [](const role_offer& offer) {
        object one;
        one["member"] = offer.member.view();
        one["application"] = offer.application.view();
        one["role"] = offer.role.view();
        return one;
    });
    made["waiting_clients"] = list_of(all.waiting_clients, [](const auto& waiting) {
        object one;
        one["application"] = waiting.first.view();
        one["client"] = waiting.second.view();
        return one;
    });
    made["expiring_certificates"] =
        list_of(all.certificates, [](const expiring_certificate& found) {
            object one;
            one["member"] = found.member.view();
            one["server"] = found.url;
            one["until"] = found.until;
            one["expired"] = found.expired;
            return one;
        });
    made["own_certificate"] =
        list_of(all.own_certificate, [](const http::certificate_fault& found) {
            object one;
            one["fault"] = found.id;
            one["detail"] = found.text;
            return one;
        });
    made["waiting_directories"] = to_json(all.waiting_directories);
    const auto document = [](const auto& one) { return admin::to_json(one); };
    made["waiting_grants"] = list_of(all.waiting, document);
    made["waiting_mappings"] = texts(all.waiting_mappings);
    made["waiting_exceptions"] = list_of(all.waiting_exceptions, document);
    made["ending_grants"] = list_of(all.ending, document);
    made["open_agreements"] = list_of(all.agreements, [](const auto& asked) {
        object one;
        one["document"] = asked.first;
        one["target"] = asked.second.view();
        return one;
    });
    made["conflicts_looked_at"] = utc_text(all.conflicts_looked_at);
    made["not_looked_at"] = to_json(all.not_looked_at);
    made["conflicts"] = list_of(all.conflicts, [](const standing_conflict& found) {
        auto one = to_json(found.conflict);
        one["member"] = found.member.view();
        one["person"] = found.person.view();
        one["display_name"] = found.display_name;
        return one;
    });
    made["sign_ins"] = list_of(all.sign_ins, [](const auto& counted) {
        object one;
        one["day"] = to_string(counted.first);
        one["good"] = counted.second.good;
        one["refused"] = counted.second.refused;
        return one;
    });
    return made;
}

object to_json(const campaign_view& view) {
    object made;
    const auto& one = view.campaign;
    made["id"] = one.id;
    made["title"] = one.title;
    made["started_by"] = one.started_by;
    made["started_at"] = utc_text(one.started_at);
    made["due_at"] = utc_text(one.due_at);
    made["ends_unanswered"] = one.ends_unanswered;
    made["closed_at"] = utc_text(one.closed_at);
    made["progress"] = list_of(view.progress, [](const store::campaign_progress& of) {
        object counted;
        counted["member"] = of.member.view();
        counted["items"] = of.items;
        counted["answered"] = of.answered;
        return counted;
    });
    return made;
}

object to_json(const store::campaign_item& one) {
    object made;
    made["number"] = one.number;
    made["member"] = one.member.view();
    made["person"] = one.person.view();
    made["role"] = one.role.view();
    made["documents"] = texts(one.documents);
    made["answer"] = one.answer;
    made["answered_by"] = one.answered_by;
    made["answered_at"] = utc_text(one.answered_at);
    return made;
}

object to_json(const revision_entry& entry) {
    object made;
    made["revision"] = entry.revision.number;
    made["at"] = utc_text(entry.revision.at);
    made["who"] = entry.revision.who;
    made["why"] = entry.revision.why;
    made["documents"] = texts(entry.documents);
    made["all_visible"] = entry.all_visible;
    return made;
}

object to_json(const store::stored_audit_record& stored) {
    const auto& one = stored.record;
    object made;
    made["sequence"] = stored.sequence;
    made["at"] = utc_text(one.at);
    made["event"] = one.event;
    made["result"] = one.result;
    made["member"] = one.member.view();
    made["person"] = one.person.view();
    made["client"] = one.client.view();
    made["request"] = one.request;
    made["address"] = one.address;
    boost::system::error_code no_json;
    auto detail = boost::json::parse(one.detail_json, no_json);
    made["detail"] = no_json ? boost::json::value(object{}) : std::move(detail);
    return made;
}

object to_json(const usage_row& one) {
    object made;
    made["member"] = one.member.view();
    made["application"] = one.application.view();
    made["active_persons"] = one.persons;
    return made;
}

}  // namespace kommpass::idp::api
