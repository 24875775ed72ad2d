#include "idp/admin/named_persons.hpp"

#include "idp/admin/operation_context.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <algorithm>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;
using policies::document_kind;

struct naming {
    std::string document;
    member_slug member;
    person_id person;
};

template <class Map>
void add_new_names(const Map& before, const Map& after, const policies::document_change& change,
                   std::vector<naming>& into) {
    const auto is = after.find(change.key);
    if (is == after.end()) return;
    const auto& one = is->second;
    const auto was = before.find(change.key);
    const bool kept = was != before.end() && was->second.member == one.member;
    if (!kept || was->second.person != one.person)
        into.push_back({change.name(), one.member, one.person});
    if constexpr (requires { one.deputy_of; }) {
        const bool same = kept && was->second.deputy_of == one.deputy_of;
        if (!one.deputy_of.empty() && !same)
            into.push_back({change.name(), one.member, one.deputy_of});
    }
}

std::vector<naming> newly_named(const policies::registry& before, const policies::registry& after,
                                const std::vector<policies::document_change>& changes) {
    std::vector<naming> all;
    for (const auto& one : changes) {
        switch (one.kind) {
            case document_kind::grant:
                add_new_names(before.grants, after.grants, one, all);
                break;
            case document_kind::withdrawal:
                add_new_names(before.withdrawals, after.withdrawals, one, all);
                break;
            case document_kind::exception:
                add_new_names(before.exceptions, after.exceptions, one, all);
                break;
            case document_kind::member:
            case document_kind::application:
            case document_kind::subscription:
            case document_kind::mapping:
            case document_kind::constraint:
                break;
        }
    }
    return all;
}

}  // namespace

awaitable<std::optional<refusal>> misnamed_person(
    operation_context& at, const policies::registry& before, const policies::registry& after,
    const std::vector<policies::document_change>& changes, unknown_person unknown,
    const std::vector<store::person>& arriving) {
    auto named = newly_named(before, after, changes);
    std::erase_if(named, [&](const naming& one) {
        return std::any_of(arriving.begin(), arriving.end(), [&](const store::person& person) {
            return person.id == one.person && person.member == one.member;
        });
    });
    if (named.empty()) co_return std::nullopt;
    auto look = [&](store::transaction& t) -> const naming* {
        for (const auto& one : named) {
            const auto found = t.persons().find(one.person);
            const bool right =
                found ? found->member == one.member : unknown == unknown_person::allowed;
            if (!right) return &one;
        }
        return nullptr;
    };
    const auto wrong = co_await at.memory.read(look);
    if (!wrong) co_return store_silent();
    if (*wrong == nullptr) co_return std::nullopt;
    // To a member's administrator the other's person does not exist.
    if (unknown == unknown_person::refused) co_return no_such_thing();
    co_return invalid("person", "person_of_another_member", {(*wrong)->document});
}

}  // namespace kommpass::idp::admin
