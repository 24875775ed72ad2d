#include "idp/commands/with_operations.hpp"

#include "directory/ldap_directories.hpp"
#include "directory/sign_in.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/process_state.hpp"
#include "idp/commands/opening.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/keys/key_place.hpp"
#include "idp/observe/log.hpp"
#include "idp/registry/directories_of.hpp"
#include "idp/registry/registry_watch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <iostream>

#include <unistd.h>

namespace kommpass::idp::commands {
std::string host_actor() { return "host:" + operator_name(); }

namespace {

// What the command line says to a refusal that a name would lift.
std::string_view option_for(std::string_view code) {
    if (code == "members_would_go")
        return "these members would go, with their people; if that is meant: --remove-member SLUG";
    if (code == "withdrawals_would_go")
        return "roles that were taken away would come back; if that is meant: --end-withdrawal ID";
    if (code == "subjects_would_change")
        return "every person would be a stranger to the application; if that is meant: "
               "--new-subjects CLIENT";
    return {};
}

}  // namespace

int refuse_for(const admin::refusal& no) {
    const auto option = option_for(no.code);
    std::string text = no.code;
    if (!option.empty())
        text += ": " + std::string(option);
    else if (!no.field.empty())
        text += " (" + no.field + ")";
    for (const auto& line : no.details) text += "\n  " + line;
    return refuse(text);
}

policies::named_losses named(const asked_losses& asked) {
    policies::named_losses all;
    for (const auto& one : asked.members) all.members.emplace(one);
    all.withdrawals.insert(asked.withdrawals.begin(), asked.withdrawals.end());
    for (const auto& one : asked.subjects) all.subjects.emplace(one);
    return all;
}

void print_losses(const policies::registry& before, const policies::registry& after) {
    for (const auto& one : policies::members_that_go(before, after))
        std::cout << "! member goes, --remove-member: " << one.what << '\n';
    for (const auto& [id, what] : policies::withdrawals_that_go(before, after))
        std::cout << "! role comes back, --end-withdrawal: " << what << '\n';
    for (const auto& one : policies::subjects_that_change(before, after))
        std::cout << "! --new-subjects: " << one.to_string() << '\n';
}

void tell_unsearched(const admin::changed_registry& done) {
    for (const auto& member : done.unsearched)
        refuse("the directory of " + member +
               " did not answer, or not with everybody; incompatible roles of its persons were not "
               "looked for");
}

int with_operations(
    const settings_file& file,
    const std::function<boost::asio::awaitable<int>(const admin::operation_services&)>& work) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    const system_clock time;
    system_randomness random;
    auto keys = keys::open_keys(*settings, *memory, random, time.now());
    if (!keys) return refuse(keys.error());
    live<jose::key_ring> key_ring(std::move(*keys));
    live<policies::snapshot> registry(registry::first_snapshot(*memory, {}, time.now()));
    directory::federation federation(time, directory::permitted_by(*settings));
    observe::log log(settings->format, config::log_level::error, time, STDERR_FILENO);
    admin::process_state state(random, time);
    boost::asio::io_context io(1);
    directory::ldap_directories directories(io, federation);
    directories.take_members(registry::directories_of(*registry.get(), *key_ring.get()));
    const admin::operation_services operations{*settings,
                                               time,
                                               random,
                                               *memory,
                                               registry,
                                               key_ring,
                                               directories,
                                               log,
                                               state.running,
                                               state.found,
                                               state.sign_ins,
                                               state.role_requests,
                                               state.requests,
                                               state.computing,
                                               state.blocking,
                                               state.upkeep,
                                               {}};
    int code = 1;
    std::exception_ptr failed;
    boost::asio::co_spawn(io, work(operations), [&](std::exception_ptr failure, int done) {
        failed = failure;
        code = done;
        directories.stop();
    });
    io.run();
    memory->stop();
    if (failed) std::rethrow_exception(failed);
    return code;
}

}  // namespace kommpass::idp::commands
