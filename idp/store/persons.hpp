#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"
#include "idp/store/person.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kommpass::idp::store {

struct person_tie;  // person_tie.hpp

class person_store {
public:
    virtual ~person_store() = default;
    // The person tied to this directory entry; made with `candidate` as id if new.
    virtual person ensure(const member_slug&, const directory_id&, const person_id& candidate,
                          instant now) = 0;
    virtual std::optional<person> find(const person_id&) = 0;
    virtual std::optional<person> find(const member_slug&, const directory_id&) = 0;
    virtual std::vector<person> of_member(const member_slug&) = 0;
    // Persons of this member with a session or a refresh token that is still good.
    virtual std::vector<person> with_live_access(const member_slug&, instant now) = 0;
    virtual std::vector<member_slug> members_with_live_access(instant now) = 0;
    // Replaces what was remembered of these attributes.
    virtual void remember_ties(const person_id&, const std::vector<person_tie>&) = 0;
    virtual std::vector<std::pair<person_id, std::string>> ties_of_member(
        const member_slug&, std::string_view attribute) = 0;
    // Deletes the person with sessions, codes, tokens, consents and ties; not their audit records.
    virtual void erase(const person_id&) = 0;
    // Ties the person, their sessions, codes and refresh tokens to another entry. False if that
    // entry is somebody else's.
    virtual bool retie(const person_id&, const directory_id&) = 0;
};

}  // namespace kommpass::idp::store
