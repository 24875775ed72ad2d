#include "idp/tasks/shared_clock_task.hpp"

#include "idp/observe/log.hpp"
#include "idp/store/leases.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <memory>
#include <stdexcept>

namespace kommpass::idp::tasks {
namespace {

void tell(const shared_clock& found, observe::log& log, bool& told) {
    if (told == !found.agrees()) return;
    told = !told;
    if (!told) return log.info("clock.shared");
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(found.ahead()).count();
    log.error("clock.differs",
              {{"ahead_of_the_store_s", static_cast<long long>(seconds)},
               {"remedy", "set this machine's clock, or the database server's (NTP)"}});
}

}  // namespace

void shared_clock::note(instant asked, instant shared, instant answered) noexcept {
    auto ahead = std::chrono::milliseconds(0);
    if (shared < asked)
        ahead = std::chrono::duration_cast<std::chrono::milliseconds>(asked - shared);
    else if (shared > answered)
        ahead = std::chrono::duration_cast<std::chrono::milliseconds>(answered - shared);
    ahead_.store(ahead.count());
}

void compare_once(store::store& memory, const clock& time, shared_clock& found) {
    const auto asked = time.now();
    instant shared{};
    const auto read =
        memory.read_now([&](store::transaction& t) { shared = t.leases().shared_time(asked); });
    if (!read) throw std::runtime_error("the store does not answer");
    found.note(asked, shared, time.now());
}

task shared_clock_task(store::store& memory, const clock& time, shared_clock& found,
                       observe::log& log) {
    const auto told = std::make_shared<bool>(false);
    const auto run = [&memory, &time, &found, &log, told]() -> boost::asio::awaitable<progress> {
        const auto asked = time.now();
        auto look = [asked](store::transaction& t) { return t.leases().shared_time(asked); };
        const auto shared = co_await memory.read(look);
        if (!shared) co_return progress::failed("the store does not answer");
        found.note(asked, *shared, time.now());
        tell(found, log, *told);
        co_return progress::done();
    };
    return {.name = "clock.shared", .every = std::chrono::seconds(2), .run = run};
}

}  // namespace kommpass::idp::tasks
