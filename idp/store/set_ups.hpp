#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kommpass::idp::store {

// A member's directory while somebody sets it up.
struct set_up {
    member_slug member;
    std::string document;  // the member's document as it would be; a password in it is sealed
    instant tested_at{};  // the last test that found nothing wrong; 1970: not since the last change
    std::string changed_by;
    instant changed_at{};
    // Whoever asked that it be put in force, where that needs a second person; empty: nobody yet.
    std::string asked_by{};
    instant asked_at{};
    std::string asked_why{};
    bool asked_centrally = false;  // for the association, and not for the member
    friend bool operator==(const set_up&, const set_up&) = default;
};

class set_up_store {
public:
    virtual ~set_up_store() = default;
    virtual std::optional<set_up> find(const member_slug&) = 0;
    virtual void put(const set_up&) = 0;  // replaces what there was
    virtual void remove(const member_slug&) = 0;
    // Members whose set-up waits for a second person.
    virtual std::vector<member_slug> asked() = 0;
};

}  // namespace kommpass::idp::store
