#include "idp/admin/own_gain.hpp"

#include "idp/admin/actor.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace kommpass::idp::admin {
namespace {

using policies::document_kind;
using policies::scoped_role;

// The days on which what somebody holds can become another: a gain that begins next month is one.
class days_of_change {
public:
    explicit days_of_change(day today) : today_(today) { days_.insert(today); }

    void take(const policies::registry& all, const person_id& person) {
        for (const auto& [id, one] : all.mappings) take(one.from, one.until);
        for (const auto& [id, one] : all.grants) {
            if (one.person == person) take(one.from, one.until);
        }
        for (const auto& [id, one] : all.exceptions) {
            if (one.person == person) take(std::nullopt, one.until);
        }
    }
    [[nodiscard]] const std::set<day>& days() const noexcept { return days_; }

private:
    void take(const std::optional<day>& from, const std::optional<day>& until) {
        if (from && *from > today_) days_.insert(*from);
        if (until && *until >= today_) days_.insert(*until + std::chrono::days(1));
    }
    day today_;
    std::set<day> days_;
};

std::set<scoped_role> held(const policies::snapshot& registry,
                           const policies::evaluated_person& person,
                           policies::parsed_groups& parsed) {
    std::set<scoped_role> all;
    for (const auto& one : registry.evaluate(person, &parsed).roles) {
        for (const auto& member : one.for_members) all.insert({one.name, member});
    }
    return all;
}

// What could be gained by somebody of whom not every group is known.
void add_possible(const policies::registry& before, const policies::registry& after,
                  const policies::document_change& change, const member_slug& own,
                  std::set<scoped_role>& into) {
    if (!change.exists) return;
    if (change.kind == document_kind::mapping) {
        const auto& rule = after.mappings.at(change.key);
        if (rule.state != policies::grant_state::active) return;
        if (rule.member && *rule.member != own) return;
        for (const auto& role : rule.roles) into.insert({role, own});
    }
    if (change.kind != document_kind::application || !change.existed) return;
    const application_key key(change.key);
    const auto& were = before.applications.at(key).roles;
    for (const auto& role : after.applications.at(key).roles) {
        for (const auto& inner : role.includes) {
            const bool known = std::any_of(were.begin(), were.end(), [&](const auto& was) {
                return was.name == role.name && std::find(was.includes.begin(), was.includes.end(),
                                                          inner) != was.includes.end();
            });
            if (!known) into.insert({inner, own});
        }
    }
}

}  // namespace

std::vector<scoped_role> own_gain(const actor& who, const policies::snapshot& before,
                                  const policies::snapshot& after,
                                  const std::vector<policies::document_change>& changes,
                                  day today) {
    const auto person = who.evaluated(today);
    if (!person || changes.empty()) return {};
    days_of_change calendar(today);
    calendar.take(before.documents(), person->id);
    calendar.take(after.documents(), person->id);
    std::set<scoped_role> gained;
    policies::parsed_groups parsed;
    for (const auto on : calendar.days()) {
        const policies::evaluated_person then{person->who, person->id, on};
        const auto was = held(before, then, parsed);
        const auto is = held(after, then, parsed);
        std::set_difference(is.begin(), is.end(), was.begin(), was.end(),
                            std::inserter(gained, gained.end()));
    }
    if (person->who.groups_cut_off) {
        for (const auto& change : changes)
            add_possible(before.documents(), after.documents(), change, who.member(), gained);
    }
    return {gained.begin(), gained.end()};
}

}  // namespace kommpass::idp::admin
