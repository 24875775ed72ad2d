#pragma once

#include "idp/admin/one_time_code.hpp"
#include "idp/admin/registry_change.hpp"

#include <optional>
#include <string>
#include <string_view>

// Clients that register themselves (RFC 7591) and are looked after by whoever registered them (RFC
// 7592): in the end the same documents, judged by the same rules, as what an application's operator
// enters in the console. Nothing of it is stored beside the registry: the initial access token is a
// code that is good once, the registration access token a keyed hash of the client's id.
namespace kommpass::idp::admin {

inline constexpr code_kind client_registration{"client-registration", std::chrono::days(14),
                                               std::chrono::seconds(0)};

// An initial access token, shown this once, which the association hands to the application's
// operator. It registers one client of this application.
struct initial_access_token {
    std::string token;
    instant expires_at{};
};
[[nodiscard]] boost::asio::awaitable<answer<initial_access_token>> issue_initial_access_token(
    operation_context&, const actor&, application_key, std::string why);

// Whom an initial access token speaks for. Nothing for what is none, or is over. Whether it was
// used already shows when it is.
struct registration_right {
    one_time_code code;
    application_key application;
};
[[nodiscard]] std::optional<registration_right> read_initial_access_token(operation_context&,
                                                                          std::string_view token);

struct registered_client {
    policies::client client;
    application_key application;
    std::string secret;              // just made; empty: none, or known already
    std::string registration_token;  // RFC 7592, 3
};

// Makes the client that waits for the association, with an id and, where it proves itself by one,
// a secret of our making. The token is used up only where the registry takes the client.
// "token_used": it was used before.
[[nodiscard]] boost::asio::awaitable<answer<registered_client>> register_client(
    operation_context&, const registration_right&, policies::client wanted);

// The client of this id, in force or waiting, if the token is the one it was registered with.
// Nothing else than nothing for whoever guesses.
[[nodiscard]] std::optional<registered_client> find_registered(const operation_context&,
                                                               const client_id&,
                                                               std::string_view token);
// Replaces all that a client may say of itself. One in force stays within what its operator may
// change; secret and approval stay as they are.
[[nodiscard]] boost::asio::awaitable<answer<registered_client>> replace_registered(
    operation_context&, const registered_client& known, policies::client wanted);
[[nodiscard]] boost::asio::awaitable<answer<long long>> remove_registered(
    operation_context&, const registered_client& known);

}  // namespace kommpass::idp::admin
