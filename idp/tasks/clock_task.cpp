#include "idp/tasks/clock_task.hpp"

#include "config/vocabulary/held_clock.hpp"
#include "idp/observe/log.hpp"

#include <memory>

namespace kommpass::idp::tasks {
namespace {

void look(const held_clock& time, observe::log& log, bool& told) {
    const auto ahead = time.ahead();
    if (ahead.has_value() == told) return;
    told = ahead.has_value();
    if (!told) return log.info("clock.agrees");
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*ahead).count();
    const auto held =
        std::chrono::duration_cast<std::chrono::seconds>(held_clock::hold_for(*ahead)).count();
    log.error("clock.held", {{"ahead_s", static_cast<long long>(seconds)},
                             {"believed_after_s", static_cast<long long>(held)},
                             {"remedy",
                              "set the machine's clock, or reload the service (SIGHUP) "
                              "if the clock is right now"}});
}

}  // namespace

task clock_task(const held_clock& time, observe::log& log) {
    const auto told = std::make_shared<bool>(false);
    const auto run = [&time, &log, told]() -> boost::asio::awaitable<progress> {
        look(time, log, *told);
        co_return progress::done();
    };
    return {.name = "clock", .every = std::chrono::seconds(1), .run = run};
}

}  // namespace kommpass::idp::tasks
