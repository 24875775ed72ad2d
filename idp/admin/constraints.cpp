#include "idp/admin/constraints.hpp"

#include "idp/admin/registry_change.hpp"

namespace kommpass::idp::admin {

using boost::asio::awaitable;

awaitable<answer<long long>> put_constraint(operation_context& at, const actor& who,
                                            policies::constraint rule, std::string why,
                                            std::optional<long long> expected) {
    registry_change change;
    change.touches = touched(policies::document_kind::constraint, rule.id);
    change.edit = [rule = std::move(rule)](policies::registry& all) -> std::optional<refusal> {
        all.constraints.insert_or_assign(rule.id, rule);
        return std::nullopt;
    };
    return revision_of(at, who, std::move(change), std::move(why), expected);
}

awaitable<answer<long long>> remove_constraint(operation_context& at, const actor& who,
                                               std::string id, std::string why,
                                               std::optional<long long> expected) {
    auto change = removal_from(&policies::registry::constraints, std::move(id));
    return revision_of(at, who, std::move(change), std::move(why), expected);
}

}  // namespace kommpass::idp::admin
