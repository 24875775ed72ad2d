#include "idp/audit/checkpoint_task.hpp"

#include "config/vocabulary/clock.hpp"
#include "idp/audit/verification.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/tasks/run_on.hpp"

namespace kommpass::idp::audit {

tasks::task checkpoint_task(store::store& memory, const live<jose::key_ring>& keys,
                            const clock& time, tasks::worker_thread& worker) {
    const auto run = [&memory, &keys, &time, &worker]() -> boost::asio::awaitable<tasks::progress> {
        auto sign = [&memory, ring = keys.get(), now = time.now()] {
            return make_checkpoint(memory, *ring, now).has_value();
        };
        const auto made = co_await tasks::run_on(worker, std::move(sign));
        if (!made) co_return tasks::progress::failed("the store does not answer");
        co_return tasks::progress::done();
    };
    return {.name = "audit.checkpoint",
            .every = std::chrono::minutes(5),
            .first_after = std::chrono::seconds(1),
            .once_for_all_nodes = true,
            .run = run};
}

}  // namespace kommpass::idp::audit
