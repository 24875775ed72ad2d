#include "idp/tasks/store_trial_task.hpp"

#include "config/vocabulary/clock.hpp"
#include "idp/store/leases.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::tasks {

task store_trial_task(store::store& memory, const clock& time, std::function<bool()> fails) {
    const auto run = [&memory, &time,
                      fails = std::move(fails)]() -> boost::asio::awaitable<progress> {
        if (!fails()) co_return progress::done();
        // A row that is there already, or one more: a write like any other, and of no consequence.
        const auto now = time.now();
        auto attempt = [now](store::transaction& t) {
            return t.leases().take("store.trial", "trial", now, now + std::chrono::seconds(1));
        };
        const auto taken = co_await memory.write(attempt);
        if (!taken) co_return progress::failed("the store takes nothing");
        co_return progress::done();
    };
    return {.name = "store.trial", .every = std::chrono::seconds(2), .run = run};
}

}  // namespace kommpass::idp::tasks
