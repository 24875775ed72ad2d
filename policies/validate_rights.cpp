#include "config/toml_section.hpp"
#include "policies/duty_separation.hpp"
#include "policies/grammar.hpp"
#include "policies/validation.hpp"

#include <functional>
#include <set>

namespace kommpass::policies {
namespace {

constexpr std::size_t longest_reason = 500;

// What is wrong with one document is said of it by name.
class complaint {
public:
    complaint(std::string document, config::mistakes& wrong)
        : document_(std::move(document)), wrong_(wrong) {}
    void operator()(std::string text) const { wrong_.push_back({document_, 0, std::move(text)}); }

private:
    std::string document_;
    config::mistakes& wrong_;
};

void check_id(const std::string& id, const complaint& say) {
    if (!grammar::is_slug(id)) say("id \"" + id + "\" must be lower-case letters, digits and '-'");
}

void check_member(const registry& all, const member_slug& member, const complaint& say) {
    if (!all.members.contains(member))
        say("unknown member \"" + member.str() + "\"" + suggested_member(all, member));
}

template <class Document>
void check_person(const Document& one, const complaint& say) {
    if (one.person.empty()) say("\"person\" is missing: the person's id");
}

void check_role(const registry& all, const role_name& name, const complaint& say) {
    if (find_role(all, name) == nullptr)
        say("unknown role \"" + name.str() + "\"" + suggested_role(all, name));
}

void check_reason(const std::string& reason, const complaint& say) {
    if (reason.empty()) say("\"reason\" is missing: why, in words");
    if (reason.size() > longest_reason) say("reason is longer than 500 bytes");
}

// Nobody approves what they asked for (R34).
template <class Document>
void check_approval(const Document& one, const complaint& say) {
    if (!one.approved_by.empty() && one.approved_by == one.asked_by)
        say("approved by who asked for it");
    if (!one.approved_by.empty() && one.approved_by == one.person.str())
        say("approved by whom it is for");
}

void check_grant(const registry& all, const grant& one, const complaint& say) {
    check_id(one.id, say);
    check_person(one, say);
    check_member(all, one.member, say);
    check_role(all, one.role, say);
    check_reason(one.reason, say);
    check_approval(one, say);
    if (!one.deputy_of.empty() && one.deputy_of == one.person)
        say("\"deputy_of\" is the person themself");
    for (auto& text : wrong_days_and_members(all, one)) say(std::move(text));
    if (needs_second_person(all, one.role) && one.state == grant_state::active &&
        one.approved_by.empty())
        say("role \"" + one.role.str() + "\" is sensitive: the grant needs \"approved_by\"");
}

void check_constraint(const constraint& one, const complaint& say) {
    check_id(one.id, say);
    for (const auto& side : {one.first, one.second}) {
        if (!role_pattern::parse(side))
            say("\"" + side + "\" must be a role, \"app.*\", \"*.role\" or \"*.*\"");
    }
}

void check_exception(const registry& all, const constraint_exception& one, const complaint& say) {
    check_id(one.id, say);
    check_person(one, say);
    check_member(all, one.member, say);
    check_reason(one.reason, say);
    check_approval(one, say);
    if (!one.until) say("\"until\" is missing: an exception ends by itself");
    if (one.state == grant_state::active && one.approved_by.empty())
        say("an exception needs \"approved_by\": a second person");
    if (all.constraints.contains(one.constraint)) return;
    std::vector<std::string> known;
    for (const auto& [id, unused] : all.constraints) known.push_back(id);
    const auto nearest = config::nearest_word(one.constraint, known);
    say("unknown constraint \"" + one.constraint + "\"" +
        (nearest ? "; did you mean \"" + *nearest + "\"?" : ""));
}

}  // namespace

// A wrong catalogue may include in circles.
bool any_included(const registry& all, const role_name& name,
                  const std::function<bool(const role&)>& test) {
    std::vector<role_name> todo{name};
    std::set<role_name> seen;
    while (!todo.empty()) {
        const auto next = todo.back();
        todo.pop_back();
        const auto* one = seen.insert(next).second ? find_role(all, next) : nullptr;
        if (one == nullptr) continue;
        if (test(*one)) return true;
        todo.insert(todo.end(), one->includes.begin(), one->includes.end());
    }
    return false;
}

std::vector<role_name> included_roles(const registry& all, const role_name& name) {
    std::set<role_name> found;
    (void)any_included(all, name, [&](const role& one) {
        found.insert(one.name);
        return false;
    });
    found.erase(name);
    return {found.begin(), found.end()};
}

bool needs_second_person(const registry& all, const role_name& name) {
    return any_included(all, name, [](const role& one) { return one.sensitive; });
}

bool is_association_only(const registry& all, const role_name& name) {
    return any_included(
        all, name, [](const role& one) { return one.handed_out_by == role_giver::association; });
}

void validate_rights(const registry& all, config::mistakes& wrong) {
    for (const auto& [id, one] : all.grants) check_grant(all, one, {"grants/" + id, wrong});
    for (const auto& [id, one] : all.withdrawals) {
        const complaint say("withdrawals/" + id, wrong);
        check_id(id, say);
        check_person(one, say);
        check_reason(one.reason, say);
    }
    for (const auto& [id, one] : all.constraints)
        check_constraint(one, {"constraints/" + id, wrong});
    for (const auto& [id, one] : all.exceptions)
        check_exception(all, one, {"exceptions/" + id, wrong});
}

// A withdrawal outlives its member and its role (`keep_withdrawals`); a new one of something that
// is not there is a slip of the pen.
void validate_withdrawals(const registry& all, config::mistakes& wrong) {
    for (const auto& [id, one] : all.withdrawals) {
        const complaint say("withdrawals/" + id, wrong);
        check_member(all, one.member, say);
        check_role(all, one.role, say);
    }
}

}  // namespace kommpass::policies
