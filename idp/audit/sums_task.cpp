#include "idp/audit/sums_task.hpp"

#include "idp/audit/unproven_records.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::audit {

tasks::task sums_task(store::store& memory, unproven_records& counted) {
    const auto run = [&memory, &counted]() -> boost::asio::awaitable<tasks::progress> {
        const auto sums = counted.sums();
        if (sums.empty()) co_return tasks::progress::done();
        auto append = [&sums](store::transaction& t) {
            for (const auto& one : sums) t.audit().append(one);
        };
        const auto written = co_await memory.write(append);
        if (!written) {
            counted.take_back();
            co_return tasks::progress::failed("the store does not answer");
        }
        co_return tasks::progress::done();
    };
    // Each process counts for itself.
    return {.name = "audit.sums", .every = std::chrono::minutes(1), .run = run};
}

}  // namespace kommpass::idp::audit
