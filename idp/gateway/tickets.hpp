#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::jose {
class key_ring;
}

// What travels between the application's host and ours, and what a browser keeps at the
// application's host: sealed, each for a purpose of its own. Nothing of the central session's
// cookie is in any of them.
namespace kommpass::idp::gateway {

// From the application's host to the sign-in.
struct way_in {
    std::string host;
    std::string to;       // path and query to come back to
    std::string browser;  // hash of the browser's own cookie at that host
    int tries = 0;        // that ended in a browser without this cookie
    instant begun{};

    static constexpr auto lifetime = std::chrono::hours(1);
    [[nodiscard]] std::string seal(const jose::key_ring&) const;
    // Nothing for one that is over, too.
    [[nodiscard]] static std::optional<way_in> open(const jose::key_ring&, std::string_view sealed,
                                                    instant now);
};

// From the sign-in back: good once, in the browser that began, at the host where it began.
struct way_back {
    way_in began;
    application_key application;
    std::string session;  // id of the central session
    std::string id;       // of this code, and of the session that it gives
    instant expires_at{};

    static constexpr auto lifetime = std::chrono::seconds(60);
    [[nodiscard]] std::string seal(const jose::key_ring&) const;
    // One that is over is given too: whoever shows it begins anew.
    [[nodiscard]] static std::optional<way_back> open(const jose::key_ring&,
                                                      std::string_view sealed);
};

// The cookie at the application's host: good there, for that application, while the central session
// lives.
struct host_session {
    std::string host;
    application_key application;
    std::string session;  // id of the central session
    std::string id;
    instant expires_at{};

    [[nodiscard]] std::string seal(const jose::key_ring&) const;
    [[nodiscard]] static std::optional<host_session> open(const jose::key_ring&,
                                                          std::string_view sealed, instant now);
    // Under which the store remembers that it was ended.
    [[nodiscard]] std::string ended_as() const { return "gateway:" + id; }
};

// The cookie that ties a way in to the browser: random, with the time of its last sign-in here.
struct host_browser {
    std::string random;
    instant signed_in_at{};

    [[nodiscard]] std::string seal(const jose::key_ring&) const;
    [[nodiscard]] static std::optional<host_browser> open(const jose::key_ring&,
                                                          std::string_view sealed);
    [[nodiscard]] std::string hash() const;
};

inline constexpr std::string_view session_cookie = "__Host-kommpass-gateway";
inline constexpr std::string_view browser_cookie = "__Host-kommpass-gateway-browser";

}  // namespace kommpass::idp::gateway
