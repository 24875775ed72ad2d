#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

// Who may do what: one table. Kommpass's own rights are roles of the application `fed`, given like
// any other role.
namespace kommpass::idp::admin {

// The roles of `fed` that carry rights; `fed.nutzer` carries none.
enum class fed_role : std::uint8_t {
    helpdesk,
    member_admin,   // fed.mandantenadmin
    role_manager,   // fed.rollenverwaltung
    role_approver,  // fed.rollenfreigabe
    app_operator,   // fed.appbetrieb
    central_admin,  // fed.zentraladmin
    auditor,        // fed.pruefung
};
inline constexpr std::size_t fed_roles = 7;
[[nodiscard]] std::string_view name_of(fed_role) noexcept;  // "fed.helpdesk"

enum class operation : std::uint8_t {
    see_overview,
    see_member,
    see_application,
    see_person,
    see_sessions,
    end_sessions,
    see_roles,
    simulate,
    change_mapping,
    request_grant,
    approve_grant,
    end_grant,
    agree_scope,
    request_exception,
    approve_exception,
    start_campaign,
    answer_campaign,
    see_campaign,
    see_revisions,
    search_audit,
    report_usage,
    export_person,
    test_directory,
    set_up_directory,
    verify_audit,
    change_member,
    change_application,
    change_subscription,
    change_constraint,
    hand_out_association_role,
    roll_back,
    change_client,
    see_client_failures,
    rotate_keys,
    erase_person,
    handle_dead_letters,
};
[[nodiscard]] std::string_view name_of(operation) noexcept;  // "see_overview"

// For which members a right holds.
enum class reach : std::uint8_t {
    member,       // those that the role is held for
    association,  // only a role that is held for every member
    anywhere,     // holding the role for any member is enough: the thing belongs to nobody
};

struct right {
    admin::operation operation;
    admin::reach reach;
    std::uint8_t roles;  // a bit for each fed_role
    bool purpose;        // a purpose must be stated, and is recorded
};
[[nodiscard]] std::span<const right> rights() noexcept;
[[nodiscard]] const right& right_for(operation) noexcept;
[[nodiscard]] constexpr std::uint8_t bit(fed_role role) noexcept {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(role));
}

}  // namespace kommpass::idp::admin
