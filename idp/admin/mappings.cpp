#include "idp/admin/mappings.hpp"

namespace kommpass::idp::admin {

using boost::asio::awaitable;

registry_change change_to(policies::mapping rule) {
    registry_change change;
    change.touches =
        policies::document_change{policies::document_kind::mapping, rule.id, true, true, {}};
    change.edit = [rule = std::move(rule)](policies::registry& all) -> std::optional<refusal> {
        all.mappings.insert_or_assign(rule.id, rule);
        return std::nullopt;
    };
    return change;
}

registry_change removal_of_mapping(std::string id) {
    registry_change change;
    change.edit = [id = std::move(id)](policies::registry& all) -> std::optional<refusal> {
        if (all.mappings.erase(id) == 0) return no_such_thing();
        return std::nullopt;
    };
    return change;
}

awaitable<answer<long long>> put_mapping(operation_context& at, const actor& who,
                                         policies::mapping rule, std::string why,
                                         std::optional<long long> expected) {
    auto change = change_to(std::move(rule));
    change.why = std::move(why);
    change.expected = expected;
    co_return co_await revision_of(at, who, std::move(change));
}

awaitable<answer<long long>> remove_mapping(operation_context& at, const actor& who, std::string id,
                                            std::string why, std::optional<long long> expected) {
    auto change = removal_of_mapping(std::move(id));
    change.why = std::move(why);
    change.expected = expected;
    co_return co_await revision_of(at, who, std::move(change));
}

bool may_see(const actor& who, const policies::mapping& rule) {
    return rule.member ? who.may(operation::see_roles, *rule.member)
                       : who.may_anywhere(operation::see_roles);
}

}  // namespace kommpass::idp::admin
