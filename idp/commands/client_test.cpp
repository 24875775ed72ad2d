#include "config/vocabulary/clock.hpp"
#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/oauth/client_diagnosis.hpp"
#include "idp/outgoing/https_caller.hpp"
#include "idp/registry/registry_watch.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>

namespace kommpass::idp::commands {
namespace {

// From the registry, or from where the client publishes them: fetched as the service fetches them.
oauth::shown_keys keys_of(const policies::client& one, const config::settings& settings) {
    if (one.jwks_uri.empty()) return {one.jwks, {}};
    outgoing::https_caller applications(outgoing::application_addresses_by(settings),
                                        settings.applications.ca_file);
    boost::asio::io_context io;
    oauth::shown_keys got;
    outgoing::fetch what{one.jwks_uri, "application/jwk-set+json, application/json", 16 * 1024};
    boost::asio::co_spawn(io, applications.get(std::move(what)),
                          [&got](std::exception_ptr wrong, auto said) {
                              if (wrong) std::rethrow_exception(wrong);
                              if (said)
                                  got.json = std::move(said->body);
                              else
                                  got.trouble = said.error().message;
                          });
    io.run();
    return got;
}

}  // namespace

int client_test(const settings_file& file, const std::string& id) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    const auto registry =
        registry::first_snapshot(*memory, settings->registry_folder.string(), system_clock().now());
    const auto entry = registry->find_client(id);
    if (entry.registered == nullptr) return refuse("there is no client \"" + id + "\"");
    const auto& client = *entry.registered;
    const auto keys = oauth::needs_keys(client) ? keys_of(client, *settings) : oauth::shown_keys();
    bool failed = false;
    for (const auto& one : oauth::diagnose_client(client, *settings, keys)) {
        const bool is_good = one.how == oauth::client_finding::level::ok;
        failed = failed || !is_good;
        std::cout << (is_good ? "OK       " : "FAILURE  ") << one.subject << ": " << one.text
                  << '\n';
        if (!one.remedy.empty()) std::cout << "         -> " << one.remedy << '\n';
    }
    return failed ? 1 : 0;
}

}  // namespace kommpass::idp::commands
