#include "idp/login/shared_guesses.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/store/guess_counts.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <algorithm>
#include <cstring>
#include <set>

namespace kommpass::idp::login {
namespace {

using directory::lockout_guard;
using std::chrono::milliseconds;
using time_point = lockout_guard::time_point;

// Of each kind, in one round: a round is a unit of work, and stays short.
constexpr std::size_t most_told = 500;
// More than all that one round changes, so that a page never ends where it began.
constexpr std::size_t most_heard = 4000;
// A third of the time after which a node counts as gone.
constexpr auto says_it_lives_every = store::guess_count_store::node_lives / 3;

// The first byte of a name in the store.
constexpr char of_account = 'a';
constexpr char of_address = 'n';
constexpr char of_lockout = 'l';

std::string stored_name(const throttle::difference& one) {
    std::string name(1, one.kind == throttle::counted_by::account ? of_account : of_address);
    name.append(reinterpret_cast<const char*>(one.name.data()), sizeof one.name);
    return name;
}

std::size_t as_count(long long number) { return static_cast<std::size_t>(std::max(number, 0LL)); }

std::optional<milliseconds> since(const std::optional<time_point>& then, time_point now) {
    if (!then) return std::nullopt;
    return std::max(std::chrono::duration_cast<milliseconds>(now - *then), milliseconds(0));
}

std::optional<time_point> at(const std::optional<milliseconds>& since, time_point now) {
    if (!since) return std::nullopt;
    return now - *since;
}

store::guess_difference as_stored(const throttle::difference& one, instant now,
                                  std::chrono::seconds forget_after) {
    store::guess_difference made{
        .name = stored_name(one), .wrong = one.failures, .kept_for = forget_after};
    if (one.last_failed) made.since_wrong = std::max(now - *one.last_failed, milliseconds(0));
    return made;
}

store::guess_difference as_stored(const lockout_guard::difference& one, time_point now) {
    return {.name = one.name,
            .wrong = one.wrong,
            .wrong_of_known = one.wrong_of_known,
            .running = one.running,
            .since_wrong = since(one.last_wrong, now),
            .since_of_known = since(one.last_wrong_of_known, now),
            .kept_for = std::max(one.window, std::chrono::seconds(60))};
}

lockout_guard::sum as_lockout(const store::guess_count& from, time_point now) {
    return {.name = from.name,
            .wrong = as_count(from.wrong),
            .wrong_of_known = as_count(from.wrong_of_known),
            .running = as_count(from.running),
            .last_wrong = at(from.since_wrong, now),
            .last_wrong_of_known = at(from.since_of_known, now)};
}

std::optional<throttle::sum> as_guesses(const store::guess_count& from, instant now) {
    throttle::sum made{from.name.front() == of_account ? throttle::counted_by::account
                                                       : throttle::counted_by::address,
                       {},
                       static_cast<unsigned>(std::clamp(from.wrong, 0LL, 1'000'000LL)),
                       {}};
    if (from.name.size() != 1 + sizeof made.name) return std::nullopt;
    std::memcpy(made.name.data(), from.name.data() + 1, sizeof made.name);
    if (from.since_wrong) made.last_failed = now - *from.since_wrong;
    return made;
}

// What the others may have tried and not told yet: each the first password of an account at which
// it knew of no error, if that cannot be too many.
std::size_t unseen(const store::guess_count& count, std::size_t others, std::size_t ours) {
    if (others + 1 > ours) return 0;
    const bool is_nothing = count.wrong == 0 && count.running == 0;
    return is_nothing || count.since_begun < lockout_guard::settling ? others : 0;
}

bool may_have_place(const store::guess_count& count, const lockout_guard::difference& asked,
                    std::size_t others) {
    const bool counts = count.since_wrong && *count.since_wrong < asked.window;
    const auto wrong = counts ? as_count(count.wrong) : 0;
    return wrong + as_count(count.running) + unseen(count, others, asked.ours) < asked.share;
}

}  // namespace

struct shared_guesses::told {
    std::vector<throttle::difference> guesses;
    std::vector<lockout_guard::difference> lockouts;
    bool lives_on = false;
    bool leaves = false;
    time_point at{};
    instant wall{};

    [[nodiscard]] bool changes_something() const noexcept {
        return lives_on || leaves || !guesses.empty() || !lockouts.empty();
    }
};

struct shared_guesses::heard {
    std::vector<throttle::sum> guesses{};
    std::vector<lockout_guard::sum> lockouts{};
    std::vector<std::string> others{};
    long long version = 0;
    bool more = false;
};

std::array<std::byte, 32> throttle_key(const jose::key_ring& keys) {
    const auto hash = keys.keyed_hash("guesses", "throttle");
    std::array<std::byte, 32> key{};
    std::memcpy(key.data(), hash.data(), std::min(key.size(), hash.size()));
    return key;
}

std::function<std::string(const std::string&)> lockout_hash(jose::key_ring_ptr keys) {
    return [keys = std::move(keys)](const std::string& account) {
        return keys->keyed_hash("guesses", account);
    };
}

shared_guesses::shared_guesses(store::store& memory, throttle& guesses, lockout_guard& lockouts,
                               const config::throttle_settings& settings, const clock& time,
                               keyed_hash hash, std::string node, std::function<void()> ask_soon)
    : memory_(memory),
      throttle_(guesses),
      lockouts_(lockouts),
      forget_after_(std::max(settings.forget_after, std::chrono::seconds(1))),
      time_(time),
      node_(std::move(node)) {
    auto name_of = [hash = std::move(hash)](const std::string& account) {
        return of_lockout + hash(account).substr(0, 16);
    };
    lockouts_.share(std::move(name_of), std::move(ask_soon));
}

tasks::task shared_guesses::as_task() {
    const auto run = [this]() -> boost::asio::awaitable<tasks::progress> {
        const auto what = what_to_tell(std::chrono::steady_clock::now());
        auto work = [this, what](store::transaction& t) { return perform(t, *what); };
        if (what->changes_something()) {
            auto got = co_await memory_.write(work);
            co_return ended(*what, got ? &*got : nullptr);
        }
        auto got = co_await memory_.read(work);
        co_return ended(*what, got ? &*got : nullptr);
    };
    return {.name = "guesses", .every = std::chrono::seconds(1), .run = run};
}

tasks::progress shared_guesses::ended(const told& what, heard* got) {
    if (got == nullptr) {
        not_told(what);
        return tasks::progress::failed("the store does not answer");
    }
    return take(what, std::move(*got)) ? tasks::progress::more() : tasks::progress::done();
}

bool shared_guesses::exchange_now(time_point now) {
    const auto what = what_to_tell(now);
    heard got;
    const auto work = [&](store::transaction& t) { got = perform(t, *what); };
    const bool done =
        what->changes_something() ? bool(memory_.write_now(work)) : bool(memory_.read_now(work));
    if (done)
        take(*what, std::move(got));
    else
        not_told(*what);
    return done;
}

void shared_guesses::leave(time_point now) {
    told last{.guesses = throttle_.take_differences(most_told),
              .lockouts = lockouts_.take_differences(most_told, now),
              .leaves = true,
              .at = now,
              .wall = time_.now()};
    const auto work = [&](store::transaction& t) { (void)perform(t, last); };
    (void)memory_.write_now(work);  // what is lost with it counts as wrong after a minute
}

std::vector<std::string> shared_guesses::other_nodes() const {
    const std::lock_guard lock(nodes_mutex_);
    return other_nodes_;
}

std::shared_ptr<const shared_guesses::told> shared_guesses::what_to_tell(time_point now) {
    auto what = std::make_shared<told>();
    what->guesses = throttle_.take_differences(most_told);
    what->lockouts = lockouts_.take_differences(most_told, now);
    what->lives_on = !said_at_ || now - *said_at_ >= says_it_lives_every;
    what->at = now;
    what->wall = time_.now();
    return what;
}

shared_guesses::heard shared_guesses::perform(store::transaction& t, const told& what) const {
    auto& counts = store::guess_counts(t);
    const auto now = counts.shared_time(what.wall);
    if (what.lives_on) counts.node_lives_on(node_, now);
    if (what.leaves) counts.node_left(node_);
    heard got;
    got.others = counts.nodes_beside(node_, now);
    const bool adds = !what.guesses.empty() || !what.lockouts.empty();
    const auto version = adds ? counts.next_version() : 0;
    for (const auto& one : what.guesses)
        counts.add(as_stored(one, what.wall, forget_after_), now, version);
    std::set<std::string> places;
    for (const auto& one : what.lockouts) {
        auto stored = as_stored(one, what.at);
        const auto sum = counts.add(stored, now, version);
        if (!one.wants_place || !may_have_place(sum, one, got.others.size())) continue;
        counts.add({.name = one.name, .running = 1, .kept_for = stored.kept_for}, now, version);
        places.insert(one.name);
    }
    if (!what.leaves) hear(counts.changed_since(version_, most_heard, now), what, places, got);
    return got;
}

void shared_guesses::hear(const store::guess_counts_seen& seen, const told& what,
                          const std::set<std::string>& places, heard& got) {
    got.version = seen.version;
    got.more = seen.rows.size() == most_heard;
    for (const auto& row : seen.rows) {
        if (row.name.starts_with(of_lockout)) {
            got.lockouts.push_back(as_lockout(row, what.at));
            got.lockouts.back().place_given = places.contains(row.name);
        } else if (auto made = as_guesses(row, what.wall)) {
            got.guesses.push_back(*made);
        }
    }
}

bool shared_guesses::take(const told& what, heard got) {
    throttle_.take_sums(got.guesses);
    lockouts_.take_sums(got.lockouts, what.at);
    if (!got.more) lockouts_.heard_all(got.others.size(), what.at);
    {
        const std::lock_guard lock(nodes_mutex_);
        other_nodes_ = std::move(got.others);
    }
    version_ = got.version;
    if (what.lives_on) said_at_ = what.at;
    return got.more;
}

void shared_guesses::not_told(const told& what) {
    throttle_.not_told(what.guesses);
    lockouts_.not_told(what.lockouts);
}

}  // namespace kommpass::idp::login
