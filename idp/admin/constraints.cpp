#include "idp/admin/constraints.hpp"

#include "idp/admin/registry_change.hpp"

namespace kommpass::idp::admin {

using boost::asio::awaitable;

awaitable<answer<long long>> put_constraint(operation_context& at, const actor& who,
                                            policies::constraint rule, std::string why,
                                            std::optional<long long> expected) {
    registry_change change;
    change.why = std::move(why);
    change.expected = expected;
    change.touches =
        policies::document_change{policies::document_kind::constraint, rule.id, true, true, {}};
    change.edit = [rule = std::move(rule)](policies::registry& all) -> std::optional<refusal> {
        all.constraints.insert_or_assign(rule.id, rule);
        return std::nullopt;
    };
    co_return co_await revision_of(at, who, std::move(change));
}

awaitable<answer<long long>> remove_constraint(operation_context& at, const actor& who,
                                               std::string id, std::string why,
                                               std::optional<long long> expected) {
    registry_change change;
    change.why = std::move(why);
    change.expected = expected;
    change.edit = [id = std::move(id)](policies::registry& all) -> std::optional<refusal> {
        if (all.constraints.erase(id) == 0) return no_such_thing();
        return std::nullopt;
    };
    co_return co_await revision_of(at, who, std::move(change));
}

}  // namespace kommpass::idp::admin
