#include "idp/admin/administration_tasks.hpp"

#include "idp/admin/notice_letters.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/store/leases.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/tasks/scheduler.hpp"

namespace kommpass::idp::admin {

namespace {

constexpr auto name = "notices";

}  // namespace

tasks::task notices_task(const operation_services& services, outgoing_mail& mail,
                         std::function<std::optional<long long>()> fence) {
    const auto run = [&services, &mail,
                      fence = std::move(fence)]() -> boost::asio::awaitable<tasks::progress> {
        operation_context at{services};
        // Asked before each letter: a node that slept meanwhile leaves the rest to the next one.
        std::function<bool()> still_ours = [&services, mine = fence().value_or(0)] {
            bool held = false;
            (void)services.memory.read_now([&](store::transaction& t) {
                held = t.leases().holds(tasks::lease_name(name), mine, services.time.now());
            });
            return held;
        };
        co_await send_notices(at, mail, std::move(still_ours));
        co_return tasks::progress::done();
    };
    // After the first look at the directories, which says whom to write to.
    return {.name = name,
            .every = std::chrono::seconds(30),
            .first_after = std::chrono::seconds(4),
            .once_for_all_nodes = true,
            .run = run};
}

}  // namespace kommpass::idp::admin
