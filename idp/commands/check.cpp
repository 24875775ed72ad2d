#include "config/vocabulary/clock.hpp"
#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/service/opening.hpp"

#include <iostream>

namespace kommpass::idp::commands {

int check(const settings_file& file) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto found = service::look_at_everything(*settings, system_clock().now());
    bool would_start = true;
    for (const auto& one : found) {
        would_start = would_start && one.how != service::gravity::fault;
        refuse(one.text);
    }
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
