#pragma once

#include "config/vocabulary/strong_string.hpp"
#include "policies/snapshot.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kommpass::idp::admin {

enum class fed_role : std::uint8_t;
enum class operation : std::uint8_t;

// Who asks for an operation, with the rights they hold at this moment.
class actor {
public:
    // A person who is signed in.
    actor(const policies::snapshot&, const policies::evaluated_person&);
    // Whoever runs a command on the service's machine, or holds the emergency access: may do
    // everything. `id`: "host:root", "break-glass:...".
    [[nodiscard]] static actor of_host(std::string id);

    // Whoever holds the invitation of a member: sets its directory up, and nothing else. `id`:
    // "invitation:...".
    [[nodiscard]] static actor of_invitation(std::string id, const member_slug&);

    // Whoever registers a client by an initial access token, or looks after one that was registered
    // so: as the application's operator does, of `operated_by` (empty: the association), and
    // nothing else. `id`: "registration:...". The operations hold it to its application.
    [[nodiscard]] static actor of_registration(std::string id, const member_slug& operated_by);

    // An employee on their own account: asks for roles that others then approve, and takes back
    // what they asked for. Whatever roles they hold count for nothing here.
    [[nodiscard]] static actor of_employee(const policies::evaluated_person&);

    // The same person with every right, for what was judged as a whole and does not fit document by
    // document: a roll-back. They stay who they are: what they would gain by it is still looked at.
    [[nodiscard]] actor with_every_right() const;

    // As it stands in revisions, grants and the audit log: a person id, or "host:root".
    [[nodiscard]] const std::string& id() const noexcept { return id_; }
    [[nodiscard]] const person_id& person() const noexcept { return person_; }  // empty: none
    [[nodiscard]] const std::string& name() const noexcept { return name_; }    // for people
    [[nodiscard]] bool is_host() const noexcept { return is_host_; }
    [[nodiscard]] bool is_invited() const noexcept { return is_invited_; }
    [[nodiscard]] bool is_employee() const noexcept { return is_employee_; }
    [[nodiscard]] const member_slug& member() const noexcept { return member_; }
    // As the rules that give roles see them, with the groups that are known of them now. Nothing
    // for whoever is no person: the machine's operator, the holder of an invitation.
    [[nodiscard]] std::optional<policies::evaluated_person> evaluated(day today) const;

    // What concerns this member.
    [[nodiscard]] bool may(operation, const member_slug& of) const noexcept;
    // What concerns every member, or the association itself.
    [[nodiscard]] bool may_everywhere(operation) const noexcept;
    [[nodiscard]] bool may_anywhere(operation) const noexcept;
    // Nobody who has none has business in the console.
    [[nodiscard]] bool has_any_right() const noexcept;
    [[nodiscard]] bool holds(fed_role) const noexcept;
    // Looks on others' behalf alone (`fed.pruefung` and nothing else): says why before seeing
    // anything, and that is recorded.
    [[nodiscard]] bool must_state_purpose() const noexcept;

private:
    actor();
    struct held_role {
        bool everywhere = false;
        std::vector<member_slug> members;
    };
    [[nodiscard]] bool is_beyond_entry(operation) const noexcept;

    bool is_host_ = false;
    bool is_invited_ = false;
    bool registers_ = false;
    bool is_employee_ = false;
    std::string id_;
    std::string name_;
    person_id person_;
    member_slug member_;
    std::shared_ptr<const identity> identity_;
    std::vector<held_role> held_;  // one for each `fed_role`
};

}  // namespace kommpass::idp::admin
