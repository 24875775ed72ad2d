#pragma once

#include "config/vocabulary/clock.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::store {

class transaction;

// What a node has counted of one account or address and not told yet. Times are given as what has
// passed since, so that nodes whose clocks disagree count the same.
struct guess_difference {
    std::string name;              // a keyed hash; whom it is about nobody reads in the store
    long long wrong = 0;           // less than 0: so many are forgiven
    long long wrong_of_known = 0;  // of those, by browsers that know the person
    long long running = 0;         // places that are reserved (more) or given back (less)
    std::optional<std::chrono::milliseconds> since_wrong{};
    std::optional<std::chrono::milliseconds> since_of_known{};
    std::chrono::seconds kept_for{0};  // after the last of it, the row counts as nothing
};

// What all nodes together have counted.
struct guess_count {
    std::string name;
    long long wrong = 0;
    long long wrong_of_known = 0;
    long long running = 0;
    std::optional<std::chrono::milliseconds> since_wrong{};
    std::optional<std::chrono::milliseconds> since_of_known{};
    std::chrono::milliseconds since_begun{0};  // since there last was nothing
};

struct guess_counts_seen {
    std::vector<guess_count> rows;
    long long version = 0;  // ask from here on the next time
};

// Wrong passwords as all nodes count them, and the nodes that do. Each node adds its differences
// now and then and reads what has changed; `login/shared_guesses` says when. Writers take turns, so
// what is read in a unit of work that writes is the truth until it ends.
class guess_count_store {
public:
    // A place that nobody gave back within this time was lost with its node, and counts as wrong.
    static constexpr std::chrono::seconds longest_reservation{60};
    // A node that has not been seen for so long is none any more.
    static constexpr std::chrono::seconds node_lives{30};

    virtual ~guess_count_store() = default;
    // The time of all who share the store, for the calls below.
    [[nodiscard]] virtual instant shared_time(instant callers) = 0;
    // The number that this unit's changes carry. Once in a unit that adds.
    [[nodiscard]] virtual long long next_version() = 0;
    // Adds, and gives what it comes to. Nothing goes below zero.
    virtual guess_count add(const guess_difference&, instant shared_now, long long version) = 0;
    // Nothing counted: all zero, begun just now.
    [[nodiscard]] virtual guess_count find(std::string_view name, instant shared_now) = 0;
    // What was changed after `version`, the oldest first, at most `limit`; never a part of what one
    // unit changed without the rest of it coming the next time.
    [[nodiscard]] virtual guess_counts_seen changed_since(long long version, std::size_t limit,
                                                          instant shared_now) = 0;

    virtual void node_lives_on(std::string_view node, instant shared_now) = 0;
    virtual void node_left(std::string_view node) = 0;
    // The names of the others that live.
    [[nodiscard]] virtual std::vector<std::string> nodes_beside(std::string_view node,
                                                                instant shared_now) = 0;
};

// The concern in a unit of work. It stands beside `transaction` and not in it, since only the room
// `login/` has business with it.
[[nodiscard]] guess_count_store& guess_counts(transaction&);

}  // namespace kommpass::idp::store
