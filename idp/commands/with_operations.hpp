#pragma once

#include "idp/admin/registry_change.hpp"
#include "idp/commands/commands.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>

namespace kommpass::idp::admin {
struct operation_services;
}

namespace kommpass::idp::commands {

// Runs an operation of the administration from the command line, with everything that it needs
// around it: store, registry, directories of every member. Blocks until the work and the jobs that
// it began are done. 1 if it could not be opened; else what `work` gives.
[[nodiscard]] int with_operations(
    const settings_file&,
    const std::function<boost::asio::awaitable<int>(const admin::operation_services&)>& work);

// Prints why an operation was refused; always 1.
int refuse_for(const admin::refusal&);
// Prints whose directory did not answer when incompatible roles were looked for.
void tell_unsearched(const admin::changed_registry&);

// What is asked for by name.
[[nodiscard]] policies::named_losses named(const asked_losses&);
// One line for each thing that would go for good, with the option that asks for it.
void print_losses(const policies::registry& before, const policies::registry& after);

// Who acts: "host:" and the login name.
[[nodiscard]] std::string host_actor();

}  // namespace kommpass::idp::commands
