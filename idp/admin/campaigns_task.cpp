#include "idp/admin/administration_tasks.hpp"

#include "idp/admin/campaigns.hpp"
#include "idp/admin/operation_context.hpp"

namespace kommpass::idp::admin {

tasks::task campaigns_task(const operation_services& services) {
    const auto run = [&services]() -> boost::asio::awaitable<tasks::progress> {
        operation_context at{services};
        const auto closed = co_await close_due_campaigns(at);
        if (!closed) co_return tasks::progress::failed(closed.error().code);
        co_return tasks::progress::done();
    };
    return {.name = "campaigns",
            .every = std::chrono::seconds(30),
            .first_after = std::chrono::seconds(2),
            .once_for_all_nodes = true,
            .run = run};
}

}  // namespace kommpass::idp::admin
