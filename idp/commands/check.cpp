#include "config/vocabulary/clock.hpp"
#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/http/shared_listener.hpp"
#include "idp/service/opening.hpp"

#include <iostream>

namespace kommpass::idp::commands {

// No fault by itself: `check` is run beside the running service too, before a SIGHUP.
static void say_what_is_taken(const std::string& name, const config::listener& listener) {
    if (!http::is_taken(listener)) return;
    std::cout << "[" << name << "] " << listener.address << " port " << listener.port
              << " is taken: by the service, where it runs; another program has to give it up "
                 "before `kommpass serve` starts\n";
}

int check(const settings_file& file) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto found = service::look_at_everything(*settings, system_clock().now());
    bool would_start = true;
    for (const auto& one : found) {
        would_start = would_start && one.how != service::gravity::fault;
        refuse(one.text);
    }
    say_what_is_taken("listen", settings->listen);
    say_what_is_taken("metrics", settings->metrics);
    const auto& issuer = settings->issuer;
    if (const auto path = issuer.find('/', std::string_view("https://").size());
        path != std::string::npos) {
        std::cout << "below the path " << issuer.substr(path)
                  << ": behind a proxy that takes it off, or one that does not; one service for "
                     "each host, since browsers keep our cookies for the whole host\n";
    }
    if (found.empty()) {
        std::cout << file.string() << ": everything is right; issuer " << settings->issuer << '\n';
        return 0;
    }
    return refuse(would_start ? "`kommpass serve` starts with this, and says it"
                              : "`kommpass serve` does not start with this");
}

}  // namespace kommpass::idp::commands
