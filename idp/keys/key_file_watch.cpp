#include "idp/keys/key_file_watch.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/keys/key_place.hpp"
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

bool are_the_same(const jose::key_ring& a, const jose::key_ring& b) {
    const auto as = a.list();
    const auto bs = b.list();
    return std::equal(as.begin(), as.end(), bs.begin(), bs.end(),
                      [](const jose::key_info& one, const jose::key_info& other) {
                          return one.kid == other.kid && one.state == other.state;
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
      worker_(worker) {}

// The first look always reads: another node may have changed them since they were opened.
void key_file_watch::take_if_changed() {
    const auto stamp = stamp_of_keys(settings_, memory_);
    if (!stamp) return say_once(settings_.key_file.string() + " or the store cannot be read");
    if (stamp == stamp_ && !anew_) return;
    const jose::completion everything{.given_up = &given_up_};
    auto read = open_keys(settings_, memory_, random_, time_.now(), everything);
    if (!read && given_up_) return;
    if (!read) return say_once(read.error());
    said_.clear();
    anew_ = false;
    stamp_ = stamp;
    if (are_the_same(**read, *keys_.get())) return;
    keys_.replace(std::move(*read));
    log_.info("keys.taken");
}

void key_file_watch::say_once(const std::string& why) {
    if (why == said_) return;
    said_ = why;
    log_.error("keys.not_read", {{"reason", why}});
}

tasks::progress key_file_watch::rotate_if_due() {
    const auto now = time_.now();
    if (a_retired_key_is_over(*keys_.get(), now)) anew_ = true;
    auto ended = tasks::progress::done();
    if (rotation_is_due(settings_, *keys_.get(), now)) {
        const auto rotated = rotate_keys_if_due(settings_, memory_, "kommpass serve", random_, now);
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
        // At each look: what another node changed holds here within a second.
        co_return tasks::progress::more();
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
