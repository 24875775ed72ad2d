#include "idp/tasks/sweep_task.hpp"

#include "config/vocabulary/clock.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::tasks {

task sweep_task(store::store& memory, const clock& time) {
    const auto run = [&memory, &time]() -> boost::asio::awaitable<progress> {
        auto work = [now = time.now()](store::transaction& t) { return t.sweep(now); };
        const auto gone = co_await memory.write(work);
        if (!gone) co_return progress::failed("the store does not answer");
        // A full bite says that more waits.
        co_return *gone == 0 ? progress::done() : progress::more();
    };
    return {.name = "sweep",
            .every = std::chrono::seconds(10),
            .first_after = std::chrono::seconds(1),
            .once_for_all_nodes = true,
            .run = run};
}

}  // namespace kommpass::idp::tasks
