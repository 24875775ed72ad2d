#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/directory_settings.hpp"
#include "directory/diagnosis/report.hpp"

#include <string>

namespace kommpass::directory::diagnosis {

// Name resolution, TCP and TLS to one server of a member, step by step, with its certificates; in
// the words of OpenSSL, which tells more of why than libldap does. Blocks, each step up to
// `connect_timeout`. True if nothing stands in the way of a bind.
[[nodiscard]] bool probe_server(const directory_settings&, const std::string& url, const clock&,
                                report&);

}  // namespace kommpass::directory::diagnosis
