#pragma once

#include "directory/diagnosis/report.hpp"
#include "directory/diagnosis/server_lockout.hpp"
#include "directory/federation.hpp"

#include "config/vocabulary/directory_settings.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>

namespace kommpass::directory::diagnosis {

// What is in the directory, as the service account sees it: product, bases, persons, groups,
// limits, clock. The settings have their vendor's defaults filled in. Gives when the server locks
// accounts; nothing if it does not tell.
[[nodiscard]] boost::asio::awaitable<std::optional<server_lockout>> check_tree(
    boost::asio::io_context&, federation&, const member_slug&, const directory_settings&, report&);

}  // namespace kommpass::directory::diagnosis
