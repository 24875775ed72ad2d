#pragma once

#include "directory/ldap_connection.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>
#include <vector>

namespace kommpass::directory {

enum class feed_end {
    unsupported,  // this server does not offer it, or not to this service account
    lost,         // the connection ended, or the server wants us to begin anew
};

// What a feed reports.
struct feed_events {
    std::function<void()> began;                                    // from now on nothing is missed
    std::function<void(const std::vector<directory_id>&)> changed;  // empty: any may have changed
};

// Follows the changes of persons on this connection until it ends. The settings have their vendor's
// defaults filled in.
[[nodiscard]] boost::asio::awaitable<feed_end> follow_changes(
    std::shared_ptr<ldap_connection>, std::shared_ptr<const directory_settings>, feed_events);

// The naming context that holds `dn`, of those the server names; `dn` itself if none does.
[[nodiscard]] std::string naming_context_of(const std::string& dn,
                                            const std::vector<std::string>& contexts);

}  // namespace kommpass::directory
