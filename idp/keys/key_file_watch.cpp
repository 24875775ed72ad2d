#include "idp/keys/key_file_watch.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/keys/key_rotation.hpp"
#include "idp/observe/log.hpp"
#include "idp/tasks/run_on.hpp"

#include <algorithm>

namespace kommpass::idp::keys {
namespace {

bool a_retired_key_is_over(const jose::key_ring& keys, instant now) {
    const auto all = keys.list();
    return std::any_of(all.begin(), all.end(), [&](const jose::key_info& key) {
        return key.state == jose::key_state::retired && key.published_until <= now;
    });
}

}  // namespace

key_file_watch::key_file_watch(const config::settings& settings, const clock& time,
                               randomness& random, store::store& memory, live<jose::key_ring>& keys,
                               observe::log& log, tasks::worker_thread& worker)
    : settings_(settings),
      time_(time),
      random_(random),
      memory_(memory),
      keys_(keys),
      log_(log),
      worker_(worker) {
    std::error_code missing;
    written_ = std::filesystem::last_write_time(settings_.key_file, missing);
}

void key_file_watch::take_if_changed() {
    std::error_code missing;
    const auto written = std::filesystem::last_write_time(settings_.key_file, missing);
    if (missing || (written == written_ && !anew_)) return;
    anew_ = false;
    written_ = written;
    auto read = jose::open_key_file(settings_.key_file.string(), random_, time_.now());
    if (!read) {
        log_.error("keys.not_read", {{"reason", read.error().message}});
        return;
    }
    keys_.replace(std::move(*read));
    log_.info("keys.taken");
}

tasks::progress key_file_watch::rotate_if_due() {
    const auto now = time_.now();
    if (a_retired_key_is_over(*keys_.get(), now)) anew_ = true;
    auto ended = tasks::progress::done();
    if (rotation_is_due(settings_, *keys_.get(), now)) {
        const auto rotated =
            rotate_keys(settings_, memory_, std::nullopt, "kommpass serve", random_, now);
        if (!rotated) {
            log_.error("keys.not_rotated", {{"reason", rotated.error()}});
            ended = tasks::progress::failed(rotated.error());
        }
    }
    take_if_changed();
    return ended;
}

tasks::task key_file_watch::file_task() {
    const auto run = [this]() -> boost::asio::awaitable<tasks::progress> {
        auto look = [this] {
            take_if_changed();
            return true;
        };
        co_await tasks::run_on(worker_, std::move(look));
        co_return tasks::progress::done();
    };
    return {.name = "keys.file", .every = std::chrono::seconds(1), .run = run};
}

tasks::task key_file_watch::rotation_task() {
    const auto run = [this]() -> boost::asio::awaitable<tasks::progress> {
        auto rotate = [this] { return rotate_if_due(); };
        co_return co_await tasks::run_on(worker_, std::move(rotate));
    };
    return {.name = "keys.rotation",
            .every = std::chrono::minutes(10),
            .first_after = std::chrono::seconds(1),
            .once_for_all_nodes = true,
            .run = run};
}

}  // namespace kommpass::idp::keys
