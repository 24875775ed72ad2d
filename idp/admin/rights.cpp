#include "idp/admin/rights.hpp"

namespace kommpass::idp::admin {
namespace {

constexpr auto H = bit(fed_role::helpdesk);
constexpr auto M = bit(fed_role::member_admin);
constexpr auto R = bit(fed_role::role_manager);
constexpr auto F = bit(fed_role::role_approver);
constexpr auto A = bit(fed_role::app_operator);
constexpr auto Z = bit(fed_role::central_admin);
constexpr auto P = bit(fed_role::auditor);

template <class... Bits>
constexpr std::uint8_t of(Bits... bits) {
    return static_cast<std::uint8_t>((... | bits));
}

// In the order of `operation`.
constexpr std::array table{
    right{operation::see_overview, reach::anywhere, of(H, M, R, F, A, Z, P), false},
    right{operation::see_member, reach::member, of(H, M, R, F, Z, P), false},
    right{operation::see_application, reach::anywhere, of(H, M, R, F, A, Z, P), false},
    right{operation::see_person, reach::member, of(H, M, R, F, Z, P), false},
    right{operation::see_sessions, reach::member, of(H, M, Z), false},
    right{operation::end_sessions, reach::member, of(H, M, Z), false},
    right{operation::see_roles, reach::member, of(M, R, F, Z, P), false},
    right{operation::simulate, reach::member, of(M, R, F, Z, P), false},
    right{operation::change_mapping, reach::member, of(M, R, Z), false},
    right{operation::request_grant, reach::member, of(M, R, Z), false},
    right{operation::approve_grant, reach::member, of(F, Z), false},
    right{operation::end_grant, reach::member, of(M, R, F, Z), false},
    right{operation::agree_scope, reach::member, of(M, F, Z), false},
    right{operation::request_exception, reach::member, of(M, R, Z), false},
    right{operation::approve_exception, reach::member, of(F, Z), false},
    right{operation::start_campaign, reach::member, of(M, Z), false},
    right{operation::answer_campaign, reach::member, of(M, R, Z), false},
    right{operation::see_campaign, reach::member, of(M, R, F, Z, P), false},
    right{operation::see_revisions, reach::member, of(M, R, F, Z, P), false},
    right{operation::search_audit, reach::member, of(M, Z, P), true},
    right{operation::report_usage, reach::member, of(M, Z, P), false},
    right{operation::export_person, reach::member, of(M, Z, P), false},
    right{operation::test_directory, reach::member, of(M, Z), false},
    right{operation::set_up_directory, reach::member, of(M, Z), false},
    right{operation::verify_audit, reach::association, of(Z, P), false},
    right{operation::change_member, reach::association, of(Z), false},
    right{operation::change_application, reach::association, of(Z), false},
    right{operation::change_subscription, reach::association, of(Z), false},
    right{operation::change_constraint, reach::association, of(Z), false},
    right{operation::hand_out_association_role, reach::association, of(Z), false},
    right{operation::roll_back, reach::association, of(Z), false},
    // Of an application that the member operates.
    right{operation::change_client, reach::member, of(A, Z), false},
    right{operation::see_client_failures, reach::member, of(A, Z), false},
    right{operation::rotate_keys, reach::association, of(Z), false},
    right{operation::erase_person, reach::association, of(Z), false},
    right{operation::handle_dead_letters, reach::association, of(Z), false},
};

constexpr std::array<std::string_view, fed_roles> role_names{
    "fed.helpdesk",   "fed.mandantenadmin", "fed.rollenverwaltung", "fed.rollenfreigabe",
    "fed.appbetrieb", "fed.zentraladmin",   "fed.pruefung"};

constexpr std::array<std::string_view, table.size()> operation_names{
    "see_overview",        "see_member",        "see_application",
    "see_person",          "see_sessions",      "end_sessions",
    "see_roles",           "simulate",          "change_mapping",
    "request_grant",       "approve_grant",     "end_grant",
    "agree_scope",         "request_exception", "approve_exception",
    "start_campaign",      "answer_campaign",   "see_campaign",
    "see_revisions",       "search_audit",      "report_usage",
    "export_person",       "test_directory",    "set_up_directory",
    "verify_audit",        "change_member",     "change_application",
    "change_subscription", "change_constraint", "hand_out_association_role",
    "roll_back",           "change_client",     "see_client_failures",
    "rotate_keys",         "erase_person",      "handle_dead_letters"};

constexpr bool in_order() {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (static_cast<std::size_t>(table[i].operation) != i) return false;
    }
    return true;
}
static_assert(in_order());

}  // namespace

std::string_view name_of(fed_role role) noexcept {
    return role_names[static_cast<std::size_t>(role)];
}

std::string_view name_of(operation what) noexcept {
    return operation_names[static_cast<std::size_t>(what)];
}

std::span<const right> rights() noexcept { return table; }

const right& right_for(operation what) noexcept { return table[static_cast<std::size_t>(what)]; }

}  // namespace kommpass::idp::admin
