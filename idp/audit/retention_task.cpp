#include "idp/audit/retention_task.hpp"

#include "config/vocabulary/clock.hpp"
#include "idp/audit/retention.hpp"
#include "idp/tasks/run_on.hpp"

namespace kommpass::idp::audit {

tasks::task retention_task(store::store& memory, const config::retention_settings& periods,
                           const clock& time, tasks::worker_thread& worker) {
    auto state = std::make_shared<retention>();
    const auto run = [&memory, &periods, &time, &worker,
                      state]() -> boost::asio::awaitable<tasks::progress> {
        auto empty = [&memory, &periods, state, now = time.now()] {
            return state->apply(memory, periods, now);
        };
        const auto emptied = co_await tasks::run_on(worker, std::move(empty));
        if (!emptied) co_return tasks::progress::failed("the store does not answer");
        co_return *emptied == 0 ? tasks::progress::done() : tasks::progress::more();
    };
    return {.name = "audit.retention",
            .every = std::chrono::minutes(10),
            .first_after = std::chrono::seconds(1),
            .once_for_all_nodes = true,
            .run = run};
}

}  // namespace kommpass::idp::audit
