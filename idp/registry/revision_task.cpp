#include "idp/registry/revision_task.hpp"

#include "idp/registry/registry_watch.hpp"
#include "idp/tasks/run_on.hpp"

namespace kommpass::idp::registry {

tasks::task revision_task(store::store& memory, live<policies::snapshot>& registry,
                          observe::log& log, tasks::worker_thread& worker,
                          std::function<void()> registry_changed) {
    const auto run =
        [&memory, &registry, &log, &worker,
         told = std::move(registry_changed)]() -> boost::asio::awaitable<tasks::progress> {
        auto take = [&] { return take_newest_revision(memory, registry, log); };
        if (co_await tasks::run_on(worker, std::move(take))) told();
        // At each look: a revision that another node made holds here within a second.
        co_return tasks::progress::more();
    };
    return {.name = "registry", .every = std::chrono::seconds(1), .run = run};
}

}  // namespace kommpass::idp::registry
