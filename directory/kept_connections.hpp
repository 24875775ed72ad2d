#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "config/vocabulary/randomness.hpp"
#include "config/vocabulary/strong_string.hpp"
#include "directory/ldap_connection.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace kommpass::directory {

// Connections that a grace sign-in has bound (draft-behera-ldap-password-policy, 6.2: the password
// has expired, and the bind used up one of the few that are left). The change has to run over that
// very connection: another bind would cost another of them, or find none. So it is kept until the
// form comes back, whichever I/O thread it comes back to: what is kept belongs to no thread.
// Nothing of the password is kept; whoever takes a connection still has to prove it to the server.
// Bounded in time and per member; who is over the bound, the oldest, is closed. Thread-safe.
class kept_connections {
public:
    struct kept {
        ldap_connection::released connection;
        member_slug member{};
        std::shared_ptr<const directory_settings> settings{};  // under which it was bound
        std::string dn{};                                      // as whom
        int sign_ins_left = 0;                                 // besides this one
        steady_time until{};
    };
    static constexpr auto lifetime = std::chrono::minutes(10);
    static constexpr std::size_t most_of_member = 16;

    // Under a name that cannot be guessed, and that leads to it once.
    [[nodiscard]] std::string keep(kept, randomness&);
    // What has this name; nothing if it is over, was taken, or was bound as somebody else or under
    // other settings: then it is closed.
    [[nodiscard]] std::optional<kept> take(const std::string& name, const member_slug&,
                                           const directory_settings&, std::string_view dn,
                                           steady_time now);
    void close_old(steady_time now);
    [[nodiscard]] std::size_t count() const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, kept> all_;
};

}  // namespace kommpass::directory
