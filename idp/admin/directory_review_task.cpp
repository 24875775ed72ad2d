#include "idp/admin/administration_tasks.hpp"

#include "idp/admin/directory_review.hpp"
#include "idp/admin/operation_context.hpp"

namespace kommpass::idp::admin {

tasks::task directory_review_task(const operation_services& services) {
    const auto run = [&services]() -> boost::asio::awaitable<tasks::progress> {
        operation_context at{services};
        co_await review_directories(at);
        co_return tasks::progress::done();
    };
    return {.name = "directory.review",
            .every = std::chrono::hours(6),
            .first_after = std::chrono::seconds(2),
            .run = run};
}

}  // namespace kommpass::idp::admin
