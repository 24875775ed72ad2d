#include "idp/service/node_name.hpp"

#include "config/settings.hpp"

#include <limits.h>
#include <unistd.h>

namespace kommpass::idp::service {

std::string node_name(const config::listener& own) {
    char name[HOST_NAME_MAX + 1] = {};
    const std::string host = ::gethostname(name, HOST_NAME_MAX) == 0 ? name : "kommpass";
    return host + " " + own.address + ":" + std::to_string(own.port);
}

}  // namespace kommpass::idp::service
