#include "idp/login/throttle.hpp"

#include "config/vocabulary/randomness.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <list>
#include <mutex>
#include <unordered_map>

namespace kommpass::idp::login {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t shards = 16;
constexpr std::size_t most_entries_of_shard = 2048;
constexpr unsigned most_at_once = 256;
// After this, an attempt whose outcome nobody told is taken for given up.
constexpr std::chrono::seconds longest_attempt{30};

using hashed = throttle::name_hash;
// Of each kind. Beyond that the others hear of no further names until they have been told of these.
constexpr std::size_t most_untold = 20'000;

struct hash_of_hashed {
    std::size_t operator()(const hashed& key) const noexcept { return key[0]; }
};

std::string network_of(const boost::asio::ip::address& address) {
    if (address.is_v4()) {
        const auto bytes = address.to_v4().to_bytes();
        return {bytes.begin(), bytes.end()};
    }
    const auto bytes = address.to_v6().to_bytes();
    return {bytes.begin(), bytes.begin() + 8};
}

}  // namespace

class throttle::table {
public:
    enum class counts_running { no, yes };

    struct untold {
        long long failures = 0;
        std::optional<instant> last_failed{};
    };

    table(const config::throttle_settings& settings, unsigned free_attempts, const clock& time,
          const std::array<std::byte, 32>& key, counts_running running)
        : settings_(settings),
          free_attempts_(free_attempts),
          counts_running_(running == counts_running::yes),
          time_(time),
          key_(key) {}

    milliseconds wait_for(std::string_view name) {
        const auto key = hash(name);
        auto& part = shard_of(key);
        const std::lock_guard lock(part.mutex);
        auto* const found = find(part, key);
        return found == nullptr ? milliseconds(0) : wait_of(*found, time_.now());
    }

    // Zero: an attempt runs from now on.
    milliseconds start(std::string_view name) {
        const auto key = hash(name);
        auto& part = shard_of(key);
        const auto now = time_.now();
        const std::lock_guard lock(part.mutex);
        auto& one = find_or_make(part, key);
        if (const auto wait = wait_of(one, now); wait > milliseconds(0)) return wait;
        ++one.running;
        one.last_started = now;
        return milliseconds(0);
    }

    void failed(std::string_view name) {
        const auto key = hash(name);
        auto& part = shard_of(key);
        const std::lock_guard lock(part.mutex);
        auto& one = find_or_make(part, key);
        if (one.running > 0) --one.running;
        ++one.failures;
        one.last_failed = time_.now();
        note(key, {1, one.last_failed});
    }

    void forgive(std::string_view name, unsigned failures) {
        const auto key = hash(name);
        auto& part = shard_of(key);
        const std::lock_guard lock(part.mutex);
        auto* const one = find(part, key);
        if (one == nullptr) return;
        if (one->running > 0) --one->running;
        const auto forgiven = std::min(one->failures, failures);
        one->failures -= forgiven;
        if (forgiven > 0) note(key, {-static_cast<long long>(forgiven), {}});
        if (one->failures == 0 && one->running == 0) remove(part, key);
    }

    void take_differences(counted_by kind, std::size_t most, std::vector<difference>& all) {
        const std::lock_guard lock(untold_mutex_);
        for (; most > 0 && !untold_.empty(); --most) {
            const auto first = untold_.begin();
            all.push_back({kind, first->first, first->second.failures, first->second.last_failed});
            untold_.erase(first);
        }
    }

    void note(const hashed& key, const untold& more) {
        const std::lock_guard lock(untold_mutex_);
        if (untold_.size() >= most_untold && !untold_.contains(key)) return;
        auto& kept = untold_[key];
        kept.failures += more.failures;
        kept.last_failed = std::max(kept.last_failed, more.last_failed);
    }

    void take_sum(const sum& told) {
        auto& part = shard_of(told.name);
        const std::lock_guard lock(part.mutex);
        const auto failures = static_cast<long long>(told.failures) + untold_of(told.name);
        auto* found = find(part, told.name);
        if (failures <= 0 && found == nullptr) return;
        if (found == nullptr) found = &find_or_make(part, told.name);
        found->failures = static_cast<unsigned>(std::max(failures, 0LL));
        if (told.last_failed) found->last_failed = std::max(found->last_failed, *told.last_failed);
        if (found->failures == 0 && found->running == 0) remove(part, told.name);
    }

private:
    struct entry {
        hashed key{};
        unsigned failures = 0;
        unsigned running = 0;
        instant last_failed{};
        instant last_started{};
    };
    struct shard {
        std::mutex mutex;
        std::list<entry> by_age;  // the one touched last in front
        std::unordered_map<hashed, std::list<entry>::iterator, hash_of_hashed> by_key;
    };

    hashed hash(std::string_view name) const {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        ::HMAC(::EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
               reinterpret_cast<const unsigned char*>(name.data()), name.size(), digest.data(),
               nullptr);
        hashed key;
        std::memcpy(key.data(), digest.data(), sizeof key);
        return key;
    }

    // Counted here since the others were told: not in the sum yet.
    long long untold_of(const hashed& key) {
        const std::lock_guard lock(untold_mutex_);
        const auto found = untold_.find(key);
        return found == untold_.end() ? 0 : found->second.failures;
    }

    shard& shard_of(const hashed& key) noexcept { return shards_[key[1] % shards]; }

    milliseconds wait_of(entry& one, instant now) const {
        if (now - one.last_started >= longest_attempt) one.running = 0;
        const bool remembered = one.failures > 0 && now - one.last_failed < settings_.forget_after;
        if (!remembered) one.failures = 0;
        if (counts_running_ && one.running > 0) {
            const unsigned allowed =
                one.failures == 0 ? most_at_once : std::max(free_attempts_, one.failures + 1);
            if (one.failures + one.running >= allowed) return settings_.first_wait;
        }
        if (one.failures < free_attempts_ || one.failures == 0) return milliseconds(0);
        const auto until = one.last_failed + wait_after(one.failures - free_attempts_);
        return std::max(std::chrono::duration_cast<milliseconds>(until - now), milliseconds(0));
    }

    milliseconds wait_after(unsigned doublings) const noexcept {
        auto wait = std::min(settings_.first_wait, settings_.longest_wait);
        for (; doublings > 0 && wait < settings_.longest_wait; --doublings) wait *= 2;
        return std::min(wait, settings_.longest_wait);
    }

    entry* find(shard& in, const hashed& key) {
        const auto found = in.by_key.find(key);
        return found == in.by_key.end() ? nullptr : &*found->second;
    }

    entry& find_or_make(shard& in, const hashed& key) {
        if (const auto found = in.by_key.find(key); found != in.by_key.end()) {
            in.by_age.splice(in.by_age.begin(), in.by_age, found->second);
        } else {
            if (in.by_age.size() == most_entries_of_shard) remove(in, in.by_age.back().key);
            in.by_age.push_front(entry{key, 0, 0, {}, {}});
            in.by_key.emplace(key, in.by_age.begin());
        }
        return in.by_age.front();
    }

    void remove(shard& from, hashed key) {
        const auto found = from.by_key.find(key);
        from.by_age.erase(found->second);
        from.by_key.erase(found);
    }

    const config::throttle_settings settings_;
    const unsigned free_attempts_;
    const bool counts_running_;
    const clock& time_;
    const std::array<std::byte, 32> key_;
    std::array<shard, shards> shards_;
    std::mutex untold_mutex_;  // taken inside a shard's, never around one
    std::unordered_map<hashed, untold, hash_of_hashed> untold_;
};

namespace {

std::array<std::byte, 32> random_key() {
    std::array<std::byte, 32> key{};
    system_randomness().fill(key);
    return key;
}

}  // namespace

throttle::throttle(const config::throttle_settings& settings, const clock& time,
                   const std::array<std::byte, 32>& key)
    : accounts_(std::make_unique<table>(settings, settings.free_attempts_per_account, time, key,
                                        table::counts_running::yes)),
      addresses_(std::make_unique<table>(settings, settings.free_attempts_per_address, time, key,
                                         table::counts_running::no)) {}

throttle::throttle(const config::throttle_settings& settings, const clock& time)
    : throttle(settings, time, random_key()) {}

throttle::~throttle() = default;

milliseconds throttle::wait_for(std::string_view account, const boost::asio::ip::address& address) {
    const auto by_address = addresses_->wait_for(network_of(address));
    if (by_address == milliseconds(0)) return accounts_->start(account);
    return std::max(by_address, accounts_->wait_for(account));
}

milliseconds throttle::wait_for(const boost::asio::ip::address& address) {
    return addresses_->wait_for(network_of(address));
}

milliseconds throttle::wait_for(std::string_view account) { return accounts_->start(account); }

void throttle::failed(std::string_view account) { accounts_->failed(account); }

void throttle::withdrawn(std::string_view account) { accounts_->forgive(account, 0); }

void throttle::failed(std::string_view account, const boost::asio::ip::address& address) {
    accounts_->failed(account);
    addresses_->failed(network_of(address));
}

void throttle::succeeded(std::string_view account, const boost::asio::ip::address& address) {
    accounts_->forgive(account, std::numeric_limits<unsigned>::max());
    addresses_->forgive(network_of(address), 1);
}

std::vector<throttle::difference> throttle::take_differences(std::size_t most) {
    std::vector<difference> all;
    accounts_->take_differences(counted_by::account, most, all);
    addresses_->take_differences(counted_by::address, most, all);
    return all;
}

void throttle::not_told(const std::vector<difference>& all) {
    for (const auto& one : all) of(one.kind).note(one.name, {one.failures, one.last_failed});
}

void throttle::take_sums(const std::vector<sum>& all) {
    for (const auto& one : all) of(one.kind).take_sum(one);
}

}  // namespace kommpass::idp::login
