#include "idp/admin/administration_tasks.hpp"

#include "idp/admin/notice_letters.hpp"
#include "idp/admin/operation_context.hpp"

namespace kommpass::idp::admin {

tasks::task notices_task(const operation_services& services, outgoing_mail& mail) {
    const auto run = [&services, &mail]() -> boost::asio::awaitable<tasks::progress> {
        operation_context at{services};
        co_await send_notices(at, mail);
        co_return tasks::progress::done();
    };
    // After the first look at the directories, which says whom to write to.
    return {.name = "notices",
            .every = std::chrono::seconds(30),
            .first_after = std::chrono::seconds(4),
            .once_for_all_nodes = true,
            .run = run};
}

}  // namespace kommpass::idp::admin
