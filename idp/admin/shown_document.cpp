#include "idp/admin/shown_document.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/admin/document_json.hpp"
#include "idp/jose/hash.hpp"
#include "idp/store/campaigns.hpp"
#include "policies/validation.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::admin {
namespace {

using boost::json::object;

// `whole` says everything, in the order of the fields; the name keeps kinds of documents apart.
document_version made_of(const std::string& name, const object& whole, object shown) {
    return {std::move(shown),
            base64url::encode(jose::sha256(name + "\n" + boost::json::serialize(whole)))};
}

document_version made_of(const std::string& name, const object& whole) {
    return made_of(name, whole, whole);
}

boost::json::array names_of(const std::vector<role_name>& all) {
    boost::json::array list;
    for (const auto& one : all) list.emplace_back(one.view());
    return list;
}

// What a role amounts to, so that a catalogue that changes meanwhile is noticed.
object meaning_of(const policies::registry& all, const role_name& name) {
    const auto* role = policies::find_role(all, name);
    object made;
    made["role"] = name.view();
    made["title"] = role == nullptr ? std::string() : role->title.de;
    made["sensitive"] = policies::needs_second_person(all, name);
    made["includes"] = names_of(policies::included_roles(all, name));
    return made;
}

object meaning_of(const policies::registry& all, const std::vector<role_name>& roles) {
    boost::json::array list;
    for (const auto& one : roles) list.push_back(meaning_of(all, one));
    return {{"roles", std::move(list)}};
}

template <class Map>
auto* find(const Map& all, std::string_view key) {
    const auto found = all.find(typename Map::key_type(key));
    return found == all.end() ? nullptr : &found->second;
}

std::optional<document_version> find_client(const policies::registry& all, std::string_view path) {
    constexpr std::string_view between = "/clients/";
    const auto at = path.find(between);
    if (at == std::string_view::npos) return std::nullopt;
    const application_key key(path.substr(0, at));
    const auto id = path.substr(at + between.size());
    const auto* owner = find(all.applications, key.view());
    if (owner == nullptr) return std::nullopt;
    for (const auto& one : owner->clients) {
        if (one.id.view() == id) return version_of(key, one);
    }
    return std::nullopt;
}

std::string_view text_in(const object& document, std::string_view name) {
    const auto* found = document.if_contains(name);
    return found != nullptr && found->is_string() ? std::string_view(found->get_string())
                                                  : std::string_view();
}

bool waits_for_another(const object& document, const std::string& actor) {
    return text_in(document, "state") == "requested" && text_in(document, "asked_by") != actor;
}

}  // namespace

document_version version_of(const policies::registry& all, const policies::mapping& one) {
    auto whole = to_json(one);
    whole["means"] = meaning_of(all, one.roles);
    return made_of("mappings/" + one.id, whole);
}

document_version version_of(const policies::registry& all, const policies::grant& one) {
    auto whole = to_json(one);
    whole["means"] = meaning_of(all, {one.role});
    return made_of("grants/" + one.id, whole);
}

document_version version_of(const policies::registry& all,
                            const policies::constraint_exception& one) {
    auto whole = to_json(one);
    object means;
    if (const auto* rule = find(all.constraints, one.constraint))
        means["constraint"] = to_json(*rule);
    whole["means"] = std::move(means);
    return made_of("exceptions/" + one.id, whole);
}

document_version version_of(const application_key& key, const policies::client& one) {
    const auto whole = to_json(one);
    auto shown = whole;
    shown.erase("secret_sha256");
    return made_of("applications/" + key.str() + "/clients/" + one.id.str(), whole,
                   std::move(shown));
}

document_version version_of(const policies::member& one) {
    const auto whole = to_json(one);
    auto shown = whole;
    hide_machine(shown);
    return made_of("members/" + one.slug.str(), whole, std::move(shown));
}

document_version version_of(const policies::registry& all, const store::campaign_item& one) {
    object whole;
    whole["number"] = one.number;
    whole["campaign"] = one.campaign;
    whole["member"] = one.member.view();
    whole["person"] = one.person.view();
    whole["role"] = one.role.view();
    boost::json::array rules;
    for (const auto& name : one.documents) {
        const auto found = find_version(all, name);
        // A rule that is gone since is told as its name alone.
        auto rule = found ? found->document : object();
        rule["document"] = name;
        rules.push_back(std::move(rule));
    }
    auto means = meaning_of(all, {one.role});
    means["rules"] = std::move(rules);
    whole["means"] = std::move(means);
    return made_of("campaigns/" + one.campaign, whole);
}

std::optional<document_version> find_version(const policies::registry& all, std::string_view name) {
    const auto slash = name.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto folder = name.substr(0, slash);
    const auto key = name.substr(slash + 1);
    const auto from = [&](const auto& documents) -> std::optional<document_version> {
        const auto* found = find(documents, key);
        if (found == nullptr) return std::nullopt;
        return version_of(all, *found);
    };
    if (folder == "mappings") return from(all.mappings);
    if (folder == "grants") return from(all.grants);
    if (folder == "exceptions") return from(all.exceptions);
    if (folder == "applications") return find_client(all, key);
    const auto* member = folder == "members" ? find(all.members, key) : nullptr;
    if (member == nullptr) return std::nullopt;
    return version_of(*member);
}

object to_json(document_version version) {
    auto made = std::move(version.document);
    made["digest"] = std::move(version.digest);
    return made;
}

object without_version(object document) {
    document.erase("digest");
    document.erase("means");
    return document;
}

std::optional<refusal> judge_shown(const document_version& now, const shown_digest& shown) {
    if (shown.empty()) return invalid("digest", "digest_missing");
    if (shown.view() == now.digest) return std::nullopt;
    refusal no{refusal::reason::stale, "changed_since_shown", "digest", {}};
    no.now = to_json(now);
    return no;
}

std::optional<refusal> judge_decision(const policies::registry& now, const std::string& actor,
                                      const decision& given) {
    const auto version = find_version(now, given.document);
    if (!version) return no_such_thing();
    const bool may_be_unseen = given.ends && !waits_for_another(version->document, actor);
    if (may_be_unseen && given.shown.empty()) return std::nullopt;
    return judge_shown(*version, given.shown);
}

}  // namespace kommpass::idp::admin
