#include "policies/replacement.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace kommpass::policies {
namespace {

struct seen_subjects {
    subject_type kind;
    std::string sector;  // empty for public subjects
};

// Nobody has seen anything of a client that still waits for its approval.
std::map<client_id, seen_subjects> subjects_in(const registry& all) {
    std::map<client_id, seen_subjects> found;
    for (const auto& [key, owner] : all.applications) {
        for (const auto& one : owner.clients) {
            if (one.state != grant_state::active) continue;
            const bool pairwise = one.subject == subject_type::pairwise;
            auto sector = one.sector.empty() ? key.str() : one.sector;
            found.emplace(one.id,
                          seen_subjects{one.subject, pairwise ? std::move(sector) : std::string()});
        }
    }
    return found;
}

template <class Documents>
std::size_t count_of(const Documents& all, const member_slug& member) {
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [&](const auto& one) { return one.second.member == member; }));
}

void add_count(std::string& text, std::size_t count, std::string_view what) {
    if (count == 0) return;
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(what);
}

std::string belongings(const registry& all, const member_slug& member) {
    std::string text;
    add_count(text, count_of(all.grants, member), "grants");
    add_count(text, count_of(all.withdrawals, member), "withdrawals");
    add_count(text, count_of(all.exceptions, member), "exceptions");
    add_count(text, count_of(all.mappings, member), "mappings");
    return text;
}

bool same_withdrawal(const withdrawal& a, const withdrawal& b) {
    return a.member == b.member && a.person == b.person && a.role == b.role;
}

}  // namespace

void keep_withdrawals(const registry& current, const std::set<std::string>& named,
                      registry& wanted) {
    for (const auto& [id, one] : current.withdrawals) {
        if (!named.contains(id)) wanted.withdrawals.insert_or_assign(id, one);
    }
}

std::string changed_subjects::to_string() const {
    std::string text = "client \"" + client.str() +
                       "\": every person gets another subject, so that the application takes all "
                       "of them for new ones; to keep the subjects: ";
    return text + (was.empty() ? std::string("subject = \"public\"")
                               : "subject = \"pairwise\" and sector = \"" + was + "\"");
}

std::vector<changed_subjects> subjects_that_change(const registry& before, const registry& after) {
    const auto was = subjects_in(before);
    std::vector<changed_subjects> changed;
    for (const auto& [id, now] : subjects_in(after)) {
        const auto known = was.find(id);
        if (known == was.end()) continue;
        if (known->second.kind != now.kind || known->second.sector != now.sector)
            changed.push_back({id, known->second.sector, now.sector});
    }
    return changed;
}

std::vector<leaving_member> members_that_go(const registry& before, const registry& after) {
    std::vector<leaving_member> gone;
    for (const auto& [slug, one] : before.members) {
        if (after.members.contains(slug)) continue;
        const auto with_it = belongings(before, slug);
        gone.push_back({slug, slug.str() + (with_it.empty() ? "" : ": " + with_it)});
    }
    return gone;
}

std::vector<std::pair<std::string, std::string>> withdrawals_that_go(const registry& before,
                                                                     const registry& after) {
    std::vector<std::pair<std::string, std::string>> gone;
    for (const auto& [id, one] : before.withdrawals) {
        const auto stays = after.withdrawals.find(id);
        if (stays != after.withdrawals.end() && same_withdrawal(one, stays->second)) continue;
        gone.emplace_back(id, id + ": " + one.role.str() + " of " + one.person.str() + " (" +
                                  one.member.str() + ")");
    }
    return gone;
}

}  // namespace kommpass::policies
