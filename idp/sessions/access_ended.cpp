#include "idp/sessions/access_ended.hpp"

#include "idp/observe/log.hpp"

namespace kommpass::idp::sessions {

tasks::receiver access_ended_receiver(observe::log& log) {
    return [&log](const store::outbox_entry& entry) -> boost::asio::awaitable<tasks::delivery> {
        log.debug("access.ended", {{"lane", entry.lane}});
        co_return tasks::delivered{};
    };
}

}  // namespace kommpass::idp::sessions
