#pragma once

#include "policies/registry.hpp"

#include <array>
#include <string_view>
#include <utility>

// How the registry's closed choices are written in files, in JSON and in differences: one table for
// each.
namespace kommpass::policies::words {

template <class Enum, std::size_t Size>
using table = std::array<std::pair<std::string_view, Enum>, Size>;

inline constexpr table<directory_vendor, 3> vendors{
    {{"openldap", directory_vendor::openldap},
     {"active-directory", directory_vendor::active_directory},
     {"389-ds", directory_vendor::ds389}}};
inline constexpr table<replica_order, 2> replica_orders{
    {{"in-order", replica_order::in_order}, {"balanced", replica_order::balanced}}};
inline constexpr table<leaver_watch, 2> leaver_watches{
    {{"push", leaver_watch::push}, {"poll", leaver_watch::poll}}};
inline constexpr table<directory_transport, 3> transports{
    {{"ldaps", directory_transport::ldaps},
     {"starttls", directory_transport::starttls},
     {"plain", directory_transport::plain}}};
inline constexpr table<group_model, 5> group_models{
    {{"group-of-names", group_model::group_of_names},
     {"group-of-unique-names", group_model::group_of_unique_names},
     {"posix-group", group_model::posix_group},
     {"stepwise", group_model::stepwise},
     {"in-chain", group_model::in_chain}}};
inline constexpr table<client_authentication, 6> authentications{
    {{"client_secret_basic", client_authentication::client_secret_basic},
     {"client_secret_post", client_authentication::client_secret_post},
     {"private_key_jwt", client_authentication::private_key_jwt},
     {"tls_client_auth", client_authentication::tls_client_auth},
     {"self_signed_tls_client_auth", client_authentication::self_signed_tls_client_auth},
     {"none", client_authentication::none}}};
inline constexpr table<client_profile, 3> profiles{
    {{"oidc", client_profile::oidc},
     {"fapi2", client_profile::fapi2},
     {"fapi2-message-signing", client_profile::fapi2_message_signing}}};
inline constexpr table<foreign_mail, 2> foreign_mails{
    {{"omit", foreign_mail::omit}, {"unverified", foreign_mail::unverified}}};
inline constexpr table<logout_token_typ, 2> logout_token_typs{
    {{"logout+jwt", logout_token_typ::logout_jwt}, {"JWT", logout_token_typ::jwt}}};
inline constexpr table<access_token_format, 2> access_token_formats{
    {{"jwt", access_token_format::jwt}, {"opaque", access_token_format::opaque}}};
inline constexpr table<subject_type, 2> subjects{
    {{"pairwise", subject_type::pairwise}, {"public", subject_type::public_}}};
inline constexpr const table<signing_algorithm, 5>& algorithms = signing_algorithms;
inline constexpr const table<key_management, 2>& key_managements = kommpass::key_managements;
inline constexpr const table<content_encryption, 2>& content_encryptions =
    kommpass::content_encryptions;
inline constexpr table<role_giver, 2> role_givers{
    {{"member", role_giver::member}, {"association", role_giver::association}}};
inline constexpr table<grant_state, 2> grant_states{
    {{"requested", grant_state::requested}, {"active", grant_state::active}}};
inline constexpr table<conflict_resolution, 3> resolutions{
    {{"deny-both", conflict_resolution::deny_both},
     {"deny-newer", conflict_resolution::deny_newer},
     {"report", conflict_resolution::report}}};
inline constexpr table<header_format, 3> header_formats{{{"percent", header_format::percent},
                                                         {"rfc2047", header_format::rfc2047},
                                                         {"utf8", header_format::utf8}}};
inline constexpr table<role_claim::shape, 3> shapes{
    {{"array", role_claim::shape::array},
     {"object-per-client", role_claim::shape::object_per_client},
     {"space-separated", role_claim::shape::space_separated}}};

template <class Enum, std::size_t Size>
[[nodiscard]] constexpr std::string_view word_for(const table<Enum, Size>& known,
                                                  Enum value) noexcept {
    for (const auto& [word, one] : known) {
        if (one == value) return word;
    }
    return {};
}

}  // namespace kommpass::policies::words
