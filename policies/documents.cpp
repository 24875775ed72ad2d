#include "policies/documents.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace kommpass::policies {
namespace {

std::optional<member_slug> owner_of(const member& one) { return one.slug; }
std::optional<member_slug> owner_of(const application&) { return std::nullopt; }
std::optional<member_slug> owner_of(const mapping& one) { return one.member; }
std::optional<member_slug> owner_of(const grant& one) { return one.member; }
std::optional<member_slug> owner_of(const withdrawal& one) { return one.member; }
std::optional<member_slug> owner_of(const constraint&) { return std::nullopt; }
std::optional<member_slug> owner_of(const constraint_exception& one) { return one.member; }

std::string text_of(const std::string& key) { return key; }
template <class Tag>
std::string text_of(const strong_string<Tag>& key) {
    return key.str();
}

// Walks two maps in step.
template <class Map>
void compare(document_kind kind, const Map& before, const Map& after,
             std::vector<document_change>& out) {
    auto b = before.begin();
    auto a = after.begin();
    while (b != before.end() || a != after.end()) {
        const bool only_before = a == after.end() || (b != before.end() && b->first < a->first);
        const bool only_after = b == before.end() || (a != after.end() && a->first < b->first);
        if (only_before) {
            out.push_back({kind, text_of(b->first), true, false, owner_of(b->second)});
            ++b;
        } else if (only_after) {
            out.push_back({kind, text_of(a->first), false, true, owner_of(a->second)});
            ++a;
        } else {
            // A document that changes hands is its former owner's: they have to let it go.
            if (!(b->second == a->second))
                out.push_back({kind, text_of(a->first), true, true, owner_of(b->second)});
            ++a;
            ++b;
        }
    }
}

void compare_subscriptions(const registry& before, const registry& after,
                           std::vector<document_change>& out) {
    const auto less = [](const subscription& x, const subscription& y) {
        return std::tie(x.member, x.application) < std::tie(y.member, y.application);
    };
    const auto note = [&](const std::vector<subscription>& all, bool exists) {
        for (const auto& one : all) {
            out.push_back({document_kind::subscription,
                           one.member.str() + "/" + one.application.str(), !exists, exists,
                           std::nullopt});
        }
    };
    const auto& b = before.subscriptions;
    const auto& a = after.subscriptions;
    std::vector<subscription> gone;
    std::vector<subscription> come;
    std::set_difference(b.begin(), b.end(), a.begin(), a.end(), std::back_inserter(gone), less);
    std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(come), less);
    note(gone, false);
    note(come, true);
}

}  // namespace

std::string_view folder_of(document_kind kind) noexcept {
    switch (kind) {
        case document_kind::member:
            return "members";
        case document_kind::application:
            return "applications";
        case document_kind::subscription:
            return "subscriptions";
        case document_kind::mapping:
            return "mappings";
        case document_kind::grant:
            return "grants";
        case document_kind::withdrawal:
            return "withdrawals";
        case document_kind::constraint:
            return "constraints";
        case document_kind::exception:
            return "exceptions";
    }
    return {};
}

std::string document_change::name() const { return std::string(folder_of(kind)) + "/" + key; }

void sort_bookings(std::vector<subscription>& all) {
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
        return std::tie(a.member, a.application) < std::tie(b.member, b.application);
    });
}

std::vector<document_change> changed_documents(const registry& before, const registry& after) {
    std::vector<document_change> out;
    compare(document_kind::member, before.members, after.members, out);
    compare(document_kind::application, before.applications, after.applications, out);
    compare_subscriptions(before, after, out);
    compare(document_kind::mapping, before.mappings, after.mappings, out);
    compare(document_kind::grant, before.grants, after.grants, out);
    compare(document_kind::withdrawal, before.withdrawals, after.withdrawals, out);
    compare(document_kind::constraint, before.constraints, after.constraints, out);
    compare(document_kind::exception, before.exceptions, after.exceptions, out);
    return out;
}

}  // namespace kommpass::policies
