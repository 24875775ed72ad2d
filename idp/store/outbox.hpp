#pragma once

#include "config/vocabulary/clock.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::store {

// What must reach somebody outside, written in the same unit of work as what it tells of: either
// both are kept or neither. `idp/tasks/` delivers it, at least once.
struct outbox_entry {
    long long sequence = 0;      // given by the store; grows, and is never given twice
    std::string topic{};         // what it is: "access.ended"
    std::string lane{};          // whom it is for. Entries of one topic and lane go in order
    std::string payload_json{};  // at most `largest_payload` bytes; never a secret
    instant created_at{};
    instant due_at{};          // not before
    unsigned attempts = 0;     // that failed
    std::string last_error{};  // of the last of them; cut to `longest_error` bytes
    instant dead_at{};         // 1970: it lives
    friend bool operator==(const outbox_entry&, const outbox_entry&) = default;

    static constexpr std::size_t largest_payload = 65'536;
    static constexpr std::size_t longest_error = 300;
};

struct outbox_count {
    std::string topic;
    long long waiting = 0;
    long long dead = 0;
    instant oldest_waiting{};  // when it was made; 1970: none waits
    friend bool operator==(const outbox_count&, const outbox_count&) = default;
};

// An entry waits until it is delivered or dies. Nothing vanishes by itself: a dead letter stays
// until somebody revives or drops it. In a lane the order is that of the sequence: an entry that
// was acknowledged before another was put goes before it; two that are put at the same time go in
// either order.
class outbox_store {
public:
    virtual ~outbox_store() = default;
    // Gives the sequence; the entry is due at once, which is when its lane is free. An empty topic
    // or a payload beyond its bound is `std::invalid_argument`.
    virtual long long put(std::string_view topic, std::string_view lane,
                          std::string_view payload_json, instant now) = 0;
    // Of each lane of this topic its first living entry, if that one is due; oldest first.
    virtual std::vector<outbox_entry> due(std::string_view topic, instant now,
                                          std::size_t limit) = 0;
    // The three that follow speak of a living entry: false, and no change, where there is none.
    virtual bool delivered(long long sequence) = 0;  // removes it
    // Counts a failed attempt; the lane waits with it.
    virtual bool postpone(long long sequence, instant due_at, std::string_view error) = 0;
    // Counts a failed attempt and makes it a dead letter, which its lane no longer waits for.
    virtual bool bury(long long sequence, std::string_view error, instant now) = 0;
    virtual std::optional<outbox_entry> find(long long sequence) = 0;  // also a dead one
    // Dead letters in order of sequence, from `after` (exclusive).
    virtual std::vector<outbox_entry> dead(long long after, std::size_t limit) = 0;
    // Lets a dead letter live, due now and with all its attempts before it, at its old place:
    // before what is left of its lane. False where there is no such dead letter.
    virtual bool revive(long long sequence, instant now) = 0;
    virtual bool drop(long long sequence) = 0;       // a dead letter, for good; false as above
    virtual std::vector<outbox_count> counts() = 0;  // by topic; topics without an entry are absent
};

// For engines. Throws `std::invalid_argument` where `put` must.
void check_outbox_entry(std::string_view topic, std::string_view payload_json);
// For engines: the error as it is kept, cut between characters, without a NUL.
[[nodiscard]] std::string kept_error(std::string_view error);

}  // namespace kommpass::idp::store
