#include "idp/admin/administration_tasks.hpp"

#include "idp/admin/operation_context.hpp"
#include "idp/admin/overdue_registrations.hpp"

namespace kommpass::idp::admin {

tasks::task registrations_task(const operation_services& services) {
    const auto run = [&services]() -> boost::asio::awaitable<tasks::progress> {
        operation_context at{services};
        const auto dropped = co_await drop_overdue_registrations(at);
        if (!dropped) co_return tasks::progress::failed(dropped.error().code);
        co_return tasks::progress::done();
    };
    return {.name = "registrations",
            .every = std::chrono::hours(1),
            .first_after = std::chrono::seconds(30),
            .once_for_all_nodes = true,
            .run = run};
}

}  // namespace kommpass::idp::admin
