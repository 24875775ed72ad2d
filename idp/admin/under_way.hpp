#pragma once

#include "idp/admin/refusal.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace kommpass::idp::admin {

class actor;

// Requests of administrators that are being answered. Searches, lists and exports walk through the
// log, the registry and directories; each administrator, and the administrators of one member
// together, have so many under way at once, so that nobody else's wait behind a heap of theirs.
// Thread-safe.
class under_way {
public:
    static constexpr std::size_t most_of_actor = 8;  // a browser opens six connections
    static constexpr std::size_t most_of_member = 32;

private:
    struct counts {
        std::mutex mutex;
        std::map<std::string, std::size_t> by_actor;
        std::map<std::string, std::size_t> by_member;
    };

public:
    // One request's place; given back when it ends.
    class place {
    public:
        place(std::shared_ptr<counts> in, std::string of_actor, std::string of_member);
        place(place&&) = default;
        place& operator=(place&&) = delete;
        ~place();

    private:
        std::shared_ptr<counts> in_;
        std::string actor_;
        std::string member_;
    };
    // Nothing if too many of the actor's, or of their member's, are under way.
    [[nodiscard]] std::optional<place> enter(const actor&);

private:
    std::shared_ptr<counts> counts_ = std::make_shared<counts>();
};

[[nodiscard]] inline refusal too_many_at_once() {
    return {refusal::reason::unavailable, "too_many_at_once", {}, {}};
}

}  // namespace kommpass::idp::admin
