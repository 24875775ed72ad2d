#include "idp/admin/notices.hpp"

#include "idp/admin/overview.hpp"
#include "idp/audit/events.hpp"
#include "idp/web/catalogue.hpp"
#include "idp/web/language.hpp"
#include "policies/validation.hpp"

#include <algorithm>

namespace kommpass::idp::admin {
namespace {

using policies::grant_state;

constexpr auto silence_is_told_after = std::chrono::minutes(10);
constexpr auto decisions_are_told_for = std::chrono::days(14);

// For themself or for their deputy: shown where employees ask.
bool is_own_request(const policies::grant& one) {
    return one.asked_by == one.person.str() || one.asked_by == one.deputy_of.str();
}

class gathering {
public:
    explicit gathering(const notice_sources& from) : from_(from), today_(local_day_of(from.now)) {}

    std::vector<notice> take() && {
        gather_grants();
        gather_mappings();
        gather_exceptions();
        gather_clients();
        gather_refusals();
        gather_directories();
        gather_conflicts();
        std::erase_if(all_, [](const notice& one) { return one.to.empty() && one.asker.empty(); });
        return std::move(all_);
    }

private:
    template <class Wanted>
    std::vector<std::string> people_of(const member_slug& member, Wanted wanted) const {
        std::vector<std::string> to;
        const auto found = from_.managers.find(member);
        if (found == from_.managers.end()) return to;
        for (const auto& one : found->second) {
            if (!one.mail.empty() && wanted(one)) to.push_back(one.mail);
        }
        return to;
    }
    std::vector<std::string> central() const {
        std::vector<std::string> to;
        for (const auto& [slug, member] : from_.registry.members) {
            if (!member.association) continue;
            const auto some = people_of(slug, [](const auto& one) { return one.central; });
            to.insert(to.end(), some.begin(), some.end());
        }
        return to;
    }
    std::vector<std::string> givers(const member_slug& member) const {
        return people_of(member, [](const auto& one) { return one.gives; });
    }
    // Where nobody at the member may, the association does.
    std::vector<std::string> releasers(const member_slug& member, bool sensitive) const {
        auto to = people_of(
            member, [&](const auto& one) { return one.releases || (one.gives && !sensitive); });
        return to.empty() ? central() : to;
    }
    std::vector<std::string> givers_and_central(const member_slug& member) const {
        auto to = givers(member);
        const auto more = central();
        to.insert(to.end(), more.begin(), more.end());
        return to;
    }

    void add(std::string key, const char* text, std::string about, std::string path,
             std::vector<std::string> to, person_id asker = {}) {
        std::sort(to.begin(), to.end());
        to.erase(std::unique(to.begin(), to.end()), to.end());
        all_.push_back({std::move(key), std::string("notice.") + text, std::move(about),
                        std::move(path), std::move(to), std::move(asker)});
    }

    void gather_grants() {
        for (const auto& [id, one] : from_.registry.grants) {
            const auto person = "/console/persons/" + one.person.str();
            if (one.state == grant_state::requested) {
                const bool sensitive = policies::needs_second_person(from_.registry, one.role);
                add("request/grants/" + id, "request", one.role.str(), "/console/approvals",
                    releasers(one.member, sensitive));
                continue;
            }
            if (one.until && *one.until >= today_ && *one.until <= today_ + grants_end_soon)
                add("grant-ends/" + id + "/" + to_string(*one.until), "grant_ends",
                    one.role.str() + ", " + to_string(*one.until), person, givers(one.member));
            const bool of_late =
                one.approved_on && *one.approved_on + decisions_are_told_for >= today_;
            if (of_late && !one.asked_by.empty() && one.asked_by.find(':') == std::string::npos)
                add("approved/" + id, "approved", one.role.str(),
                    is_own_request(one) ? "/account/role" : person, {}, person_id(one.asked_by));
            ask_to_agree("grants/" + id, one.member, one.for_members, one.agreed);
        }
    }

    void gather_mappings() {
        for (const auto& [id, one] : from_.registry.mappings) {
            if (one.state == grant_state::requested)
                add("request/mappings/" + id + "/" + (one.asked_on ? to_string(*one.asked_on) : ""),
                    "request", id, "/console/approvals",
                    one.member ? releasers(*one.member, true) : central());
            if (one.state == grant_state::active)
                ask_to_agree("mappings/" + id, one.member.value_or(member_slug()), one.for_members,
                             one.agreed);
        }
    }

    void ask_to_agree(const std::string& document, const member_slug& owner,
                      const std::vector<member_slug>& targets,
                      const std::vector<member_slug>& agreed) {
        for (const auto& target : targets) {
            const bool given = std::find(agreed.begin(), agreed.end(), target) != agreed.end();
            if (target == owner || given) continue;
            add("agree/" + document + "/" + target.str(), "agreement", owner.str(),
                "/console/approvals", givers(target));
        }
    }

    void gather_exceptions() {
        for (const auto& [id, one] : from_.registry.exceptions) {
            if (one.state == grant_state::requested)
                add("request/exceptions/" + id, "request", one.constraint, "/console/approvals",
                    releasers(one.member, true));
        }
    }

    void gather_clients() {
        for (const auto& [key, application] : from_.registry.applications) {
            for (const auto& one : application.clients) {
                if (one.state == grant_state::requested)
                    add("request/clients/" + key.str() + "/" + one.id.str(), "client", one.id.str(),
                        "/console/applications/" + key.str(), central());
            }
        }
    }

    void gather_refusals() {
        for (const auto& one : from_.refused) {
            const auto& detail = one.record.detail_json;
            const auto asker = audit::detail_text(detail, "asked_by");
            if (asker.empty() || asker.find(':') != std::string::npos) continue;
            add("refused/" + std::to_string(one.sequence), "refused",
                audit::detail_text(detail, "role"), "/account/role", {}, person_id(asker));
        }
    }

    void gather_directories() {
        for (const auto& [member, time] : from_.silent) {
            if (time < silence_is_told_after) continue;
            add("silent/" + member.str() + "/" + to_string(local_day_of(from_.now - time)),
                "directory_silent", member.str(), "/console/members/" + member.str(),
                givers_and_central(member));
        }
        for (const auto& one : from_.certificates)
            add("certificate/" + one.member.str() + "/" + one.url + "/" + one.until +
                    (one.expired ? "/over" : ""),
                one.expired ? "certificate_over" : "certificate_ends", one.url + ", " + one.until,
                "/console/members/" + one.member.str(), givers_and_central(one.member));
    }

    void gather_conflicts() {
        for (const auto& one : from_.conflicts.all) {
            if (one.person.empty()) continue;
            add("conflict/" + one.conflict.constraint + "/" + one.person.str(), "conflict",
                one.conflict.first.str() + ", " + one.conflict.second.str(),
                "/console/persons/" + one.person.str(), givers(one.member));
        }
    }

    const notice_sources& from_;
    day today_;
    std::vector<notice> all_;
};

std::string part_in(web::language lang, const std::vector<const notice*>& all,
                    const std::string& issuer) {
    const auto& words = web::catalogue::of(lang);
    auto text = words.text("notice.greeting") + "\n";
    for (const auto* one : all) {
        text += "\n- " + words.text(one->text) + (one->about.empty() ? "" : " " + one->about) +
                "\n  " + issuer + one->path + "\n";
    }
    return text + "\n" + words.text("notice.end") + "\n";
}

}  // namespace

std::vector<notice> notices_of(const notice_sources& from) { return gathering(from).take(); }

std::string letter_text(const std::vector<const notice*>& all, const std::string& issuer) {
    return part_in(web::language::de, all, issuer) + "\n---\n\n" +
           part_in(web::language::en, all, issuer);
}

}  // namespace kommpass::idp::admin
