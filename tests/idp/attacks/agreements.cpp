#include "tests/idp/attacks/agreements.hpp"

#include "idp/admin/document_json.hpp"
#include "tests/idp/attacks/invariants.hpp"
#include "tests/support/administration.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace kommpass::tests::attacks {
namespace {

template <class Document>
std::string shown(const Document& one) {
    auto written = idp::admin::to_json(one);
    for (const auto* name :
         {"agreed", "state", "asked_by", "asked_on", "approved_by", "approved_on"})
        written.erase(name);
    return boost::json::serialize(written);
}

// Nobody has to agree to what must not be: for rights in Kommpass itself, `right-elsewhere` holds
// all the same once it is no exclusion any more.
bool is_left_alone(const std::vector<role_name>& roles) {
    const auto all = exclusions();
    return std::any_of(all.begin(), all.end(),
                       [](const exclusion& one) { return one.invariant == "right-elsewhere"; }) &&
           std::any_of(roles.begin(), roles.end(),
                       [](const role_name& one) { return one.view().starts_with("fed."); });
}

// Rules of the hostile member that would hold for `member`.
std::vector<std::string> asking(const policies::registry& all, const member_slug& member) {
    std::vector<std::string> found;
    const auto names = [&](const auto& rule) {
        return std::find(rule.for_members.begin(), rule.for_members.end(), member) !=
               rule.for_members.end();
    };
    for (const auto& [id, rule] : all.mappings) {
        if (rule.member == member_slug(hostile_member) && names(rule) && !is_left_alone(rule.roles))
            found.push_back("mappings/" + id);
    }
    for (const auto& [id, one] : all.grants) {
        if (one.member.view() == hostile_member && names(one) && !is_left_alone({one.role}))
            found.push_back("grants/" + id);
    }
    return found;
}

}  // namespace

std::string as_shown(const policies::registry& all, const std::string& document) {
    const auto id = document.substr(document.find('/') + 1);
    if (document.starts_with("mappings/")) {
        const auto found = all.mappings.find(id);
        return found == all.mappings.end() ? std::string() : shown(found->second);
    }
    const auto found = all.grants.find(id);
    return found == all.grants.end() ? std::string() : shown(found->second);
}

bool was_agreed(const world& w, const policies::registry& all, const std::string& document,
                const std::string& member) {
    const auto found = w.agreed_to.find(document);
    return found != w.agreed_to.end() &&
           found->second.contains(member + " " + as_shown(all, document));
}

void look_or_agree(world& w, honest_person& who, dice& d) {
    const auto registry = w.idp.parts().registry.get();
    if (w.looked_at.empty() || d.one_in(2)) {
        const auto all = asking(registry->documents(), member_slug(who.member));
        if (all.empty()) return;
        const auto& document = d.of(all);
        w.looked_at.push_back({who.user, document, as_shown(registry->documents(), document)});
        w.story.push_back(who.user + ": looks at " + document);
        return;
    }
    const auto seen = w.looked_at[d.below(w.looked_at.size())];
    auto& reader = w.honest(seen.user);
    w.agreed_to[seen.document].insert(reader.member + " " + seen.content);
    boost::json::object body{{"document", seen.document},
                             {"target", reader.member},
                             {"agreed", true},
                             {"why", "Vereinbarung"}};
    const auto got = api(w.idp, w.api_token_of(reader), idp::http::method::post, "/agreements",
                         boost::json::serialize(body));
    w.story.push_back(seen.user + ": agrees to " + seen.document + " as seen -> " +
                      std::to_string(got.status()));
}

}  // namespace kommpass::tests::attacks
