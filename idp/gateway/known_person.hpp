#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/identity.hpp"
#include "idp/gateway/identity_headers.hpp"
#include "policies/snapshot.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace kommpass::idp::gateway {

// Somebody at an application's host, as the store, the directory and the registry had them at one
// moment.
struct known_person {
    std::string host;
    std::string address;  // of the browser, which networks are judged by
    std::string acr;
    policies::access_decision whole;  // about the application, without its rules
    header_list headers;              // empty unless granted
    policies::snapshot_ptr registry;  // that all of it was judged by
    instant expires_at{};             // of the cookie
    instant looked_up_at{};
};

using known_person_ptr = std::shared_ptr<const known_person>;

// What is known of people by the cookie that they show, for a few seconds: pages of an application
// ask for dozens of things at once. A changed registry, another host and another address are seen
// at once; the end of a session, and what a directory says, after `trusted_for`. Bounded. One I/O
// thread only.
class known_persons {
public:
    static constexpr auto trusted_for = std::chrono::seconds(5);
    static constexpr std::size_t most = 10'000;

    // Null: has to be looked up.
    [[nodiscard]] known_person_ptr find(std::string_view cookie, std::string_view host,
                                        std::string_view address, const policies::snapshot_ptr&,
                                        instant now) const;
    void remember(std::string_view cookie, known_person_ptr, instant now);
    void forget(std::string_view cookie);

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    std::unordered_map<std::string, known_person_ptr, text_hash, std::equal_to<>> by_cookie_;
};

}  // namespace kommpass::idp::gateway
