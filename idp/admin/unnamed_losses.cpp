#include "idp/admin/unnamed_losses.hpp"

namespace kommpass::idp::admin {
namespace {

refusal unnamed(std::string code, std::string field) {
    return {refusal::reason::invalid, std::move(code), std::move(field), {}};
}

}  // namespace

std::optional<refusal> unnamed_losses(const policies::registry& before,
                                      const policies::registry& after,
                                      const policies::named_losses& named, bool replaces_all) {
    auto no = unnamed("members_would_go", "remove_members");
    for (auto& one : policies::members_that_go(before, after)) {
        if (!named.members.contains(one.slug)) no.details.push_back(std::move(one.what));
    }
    if (!no.details.empty()) return no;
    if (replaces_all) {
        no = unnamed("withdrawals_would_go", "end_withdrawals");
        for (auto& [id, what] : policies::withdrawals_that_go(before, after)) {
            if (!named.withdrawals.contains(id)) no.details.push_back(std::move(what));
        }
        if (!no.details.empty()) return no;
    }
    no = unnamed("subjects_would_change", "new_subjects");
    for (const auto& one : policies::subjects_that_change(before, after)) {
        if (!named.subjects.contains(one.client)) no.details.push_back(one.to_string());
    }
    if (!no.details.empty()) return no;
    return std::nullopt;
}

}  // namespace kommpass::idp::admin
