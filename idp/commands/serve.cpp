#include "idp/commands/serve.hpp"
#include "config/vocabulary/held_clock.hpp"
#include "idp/commands/opening.hpp"
#include "idp/observe/log.hpp"
#include "idp/service/service.hpp"

namespace kommpass::idp::commands {

int serve(const settings_file& file, const opening_asked& asked, std::chrono::seconds leave_grace) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const system_clock wall;
    const system_passing_time passing;
    held_clock time(wall, passing);
    // The log says what the wall clock says, right or wrong: beside other logs of the machine.
    observe::log log(settings->format, settings->level, wall);
    system_randomness random;
    const auto running = service::service::start(
        *settings, time, random, log, {.new_store = asked.new_store, .new_keys = asked.new_keys},
        leave_grace);
    running->run_until_signalled();
    return 0;
}

}  // namespace kommpass::idp::commands
