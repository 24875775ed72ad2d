#include "idp/admin/newest_first.hpp"

#include "idp/admin/operation_context.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <limits>

namespace kommpass::idp::admin {

boost::asio::awaitable<answer<std::optional<long long>>> read_newest_first(
    operation_context& at, long long before,
    std::function<look(store::stored_audit_record&)> take) {
    using last = answer<std::optional<long long>>;
    constexpr std::size_t bite = 1000;
    constexpr std::size_t most = 20'000;
    if (before <= 0) before = std::numeric_limits<long long>::max();
    for (std::size_t looked = 0; looked < most; looked += bite) {
        auto read = [before](store::transaction& t) { return t.audit().read_back(before, bite); };
        auto records = co_await at.memory.read(read);
        if (!records) co_return store_silent();
        for (auto& one : *records) {
            before = one.sequence;
            if (take(one) == look::enough) co_return last(before);
        }
        if (records->size() < bite) co_return last(std::nullopt);
    }
    co_return last(before);
}

}  // namespace kommpass::idp::admin
