#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "config/vocabulary/identity.hpp"
#include "idp/admin/refusal.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kommpass {
struct directory_settings;
}

// Going through everybody of a member, as its directory has them. Half an answer is no answer: who
// did not come is not gone, and nobody holds nothing since a search ended early. So whoever goes
// through a directory says which it can do with: everybody, or whoever comes and a mark.
namespace kommpass::idp::admin {

struct operation_context;

// Of whom a limit hid some groups: what they hold may be more.
struct half_known_person {
    person_id person;  // empty: never signed in
    std::string login_name;
    std::string display_name;
};

// How far the reading came.
struct reading_extent {
    std::string cut_off_by;  // how many came, and the limit's name in the directory's words

    // How many came and are half known, and who: the first of them.
    std::size_t half_known = 0;
    std::vector<half_known_person> named;
    static constexpr std::size_t most_named = 50;

    [[nodiscard]] bool everybody() const noexcept { return cut_off_by.empty(); }
    [[nodiscard]] bool whole() const noexcept { return everybody() && half_known == 0; }
};

// Takes one who may sign in, with the person id (empty: never signed in), of how many that are
// known so far. False ends the reading. Must not suspend.
using take_person = std::function<bool(const identity&, const person_id&, std::size_t of)>;

// Refuses with `directory_unavailable` (details: the member) where the directory does not answer,
// `cancelled` where `take` ended it, `directory_cut_off` (details: the member, the extent's words)
// where not everybody came, and `groups_cut_off` (details: the member, some names) where somebody
// is half known.
[[nodiscard]] boost::asio::awaitable<answer<bool>> read_everybody(operation_context&, member_slug,
                                                                  take_person take);

// The same for who can go on with a part and says so: whoever shows the answer shows the extent.
// `drafted`: the directory of a registry that is not in force; null: the member's own.
[[nodiscard]] boost::asio::awaitable<answer<reading_extent>> read_who_comes(
    operation_context&, member_slug, take_person take,
    std::shared_ptr<const directory_settings> drafted = nullptr);

// "Anna Noack (anna.noack)", of those who are named; the last one says how many more there are.
[[nodiscard]] std::vector<std::string> names_of_half_known(const reading_extent&, std::size_t most);

[[nodiscard]] refusal directory_cut_off(const member_slug&, const reading_extent&);

}  // namespace kommpass::idp::admin
