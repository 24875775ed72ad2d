#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::store {

// A review of what people hold: the members' administrators confirm or end each role.
struct campaign {
    std::string id;
    std::string title;
    std::string started_by;
    instant started_at{};
    instant due_at{};
    bool ends_unanswered = false;  // at `due_at`, what nobody confirmed is ended
    instant closed_at{};           // 1970: still open
    friend bool operator==(const campaign&, const campaign&) = default;
};

struct campaign_item {
    long long number = 0;  // given by the store
    std::string campaign;
    member_slug member;
    person_id person;
    role_name role;
    std::vector<std::string> documents;  // the rules that give it: "grants/..."
    std::string answer;                  // "confirmed", "ended"; empty: none yet
    std::string answered_by;
    instant answered_at{};
    friend bool operator==(const campaign_item&, const campaign_item&) = default;
};

struct campaign_progress {
    member_slug member;
    long long items = 0;
    long long answered = 0;
    friend bool operator==(const campaign_progress&, const campaign_progress&) = default;
};

class campaign_store {
public:
    virtual ~campaign_store() = default;
    virtual void put(const campaign&, const std::vector<campaign_item>&) = 0;
    virtual std::optional<campaign> find(std::string_view id) = 0;
    virtual std::vector<campaign> all() = 0;  // newest first
    virtual std::vector<campaign_progress> progress(std::string_view id) = 0;
    // In order of number, from `after` (exclusive).
    virtual std::vector<campaign_item> items(std::string_view id, const member_slug&,
                                             long long after, std::size_t limit) = 0;
    virtual std::optional<campaign_item> item(long long number) = 0;
    virtual std::vector<campaign_item> unanswered(std::string_view id) = 0;
    // False, and no change, if it has an answer already.
    virtual bool answer(long long number, std::string_view answer, std::string_view by,
                        instant at) = 0;
    virtual void close(std::string_view id, instant at) = 0;
    virtual void erase_person(const person_id&) = 0;
};

}  // namespace kommpass::idp::store
