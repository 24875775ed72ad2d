#include "idp/commands/inside_office.hpp"

#include "directory/ldap_directories.hpp"
#include "idp/admin/desk.hpp"
#include "idp/audit/shared_append.hpp"
#include "idp/commands/opening.hpp"
#include "idp/login/throttle.hpp"
#include "idp/observe/log.hpp"
#include "idp/registry/directories_of.hpp"
#include "idp/registry/registry_watch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <unistd.h>

namespace kommpass::idp::commands {
std::string host_actor() { return "host:" + operator_name(); }

int refuse_for(const admin::refusal& no) {
    std::string text = no.code;
    if (!no.field.empty()) text += " (" + no.field + ")";
    for (const auto& line : no.details) text += "\n  " + line;
    return refuse(text);
}

void tell_unsearched(const admin::changed_registry& done) {
    for (const auto& member : done.unsearched)
        refuse("the directory of " + member +
               " did not answer; incompatible roles of its persons were not looked for");
}

int inside_office(const settings_file& file,
                  const std::function<boost::asio::awaitable<int>(provider&)>& work) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    const system_clock time;
    system_randomness random;
    auto keys = jose::open_key_file(settings->key_file.string(), random, time.now());
    if (!keys) return refuse(keys.error().message);
    live<jose::key_ring> key_ring(std::move(*keys));
    live<policies::snapshot> registry(registry::first_snapshot(*memory, {}, time.now()));
    directory::federation federation(time);
    login::throttle throttle(settings->throttle, time);
    observe::log log(settings->format, config::log_level::error, time, STDERR_FILENO);
    admin::desk desk(random, time);
    boost::asio::io_context io(1);
    directory::ldap_directories directories(io, federation);
    directories.take_members(registry::directories_of(*registry.get(), *key_ring.get()));
    audit::shared_append appends(io, *memory);
    audit::recorder recorder(time, appends, log);
    sessions::current_identities identities(registry, directories);
    sessions::single_sign_on sso(settings->session, time, random, *memory, key_ring, identities,
                                 recorder);
    provider office{*settings, time,       random, *memory,  registry, key_ring, directories,
                    recorder,  identities, sso,    throttle, log,      desk};
    int code = 1;
    std::exception_ptr failed;
    boost::asio::co_spawn(io, work(office), [&](std::exception_ptr failure, int done) {
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
