#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/observe/log.hpp"
#include "idp/service/service.hpp"

namespace kommpass::idp::commands {

int serve(const settings_file& file) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const system_clock time;
    observe::log log(settings->format, settings->level, time);
    system_randomness random;
    const auto running = service::service::start(*settings, time, random, log);
    running->run_until_signalled();
    return 0;
}

}  // namespace kommpass::idp::commands
