#include "idp/admin/administration_tasks.hpp"

#include "idp/admin/certificate_watch.hpp"

namespace kommpass::idp::admin {

tasks::task certificates_task(const operation_services& services) {
    const auto run = [&services]() -> boost::asio::awaitable<tasks::progress> {
        look_at_all_certificates(services);
        co_return tasks::progress::done();
    };
    return {.name = "certificates",
            .every = std::chrono::hours(12),
            .first_after = std::chrono::seconds(2),
            .run = run};
}

}  // namespace kommpass::idp::admin
