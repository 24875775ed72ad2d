#pragma once

#include "directory/account_watch.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace kommpass {
class clock;
}
namespace kommpass::directory {
class member_directories;
}
namespace kommpass::idp::observe {
class log;
}
namespace kommpass::idp::store {
struct person;
class store;
}  // namespace kommpass::idp::store

namespace kommpass::idp::sessions {

// Ends every session and refresh token of persons who may not be here any more (R25), when a watch
// tells of a change. A directory that cannot be asked ends nobody's. An end is written under the
// lease that the node had when it asked the directory, and only for who still has an access: two
// nodes that saw the same record it once. One I/O thread only, that of the directories it asks
// with; all that it refers to outlives it.
class leavers {
public:
    // The fence of the lease of `lease_task` that this node has now; nothing while it has none.
    using current_fence = std::function<std::optional<long long>()>;
    static constexpr const char* lease_task = "leavers";

    leavers(boost::asio::io_context&, directory::member_directories&, store::store&, const clock&,
            observe::log&, current_fence);
    leavers(const leavers&) = delete;

    // What came from a watch. Changes of one member that come while it is being asked about are
    // gathered for the next question.
    void take(const directory::account_change&);
    // Asks once more about members whose leavers the store did not take, or another node's lease
    // forbade to write.
    void try_again();
    // Nobody is asked about after it.
    void stop();

private:
    struct pending {
        std::set<directory_id> ids{};
        bool all = false;
        bool working = false;
        bool not_written = false;
    };
    boost::asio::awaitable<void> work_on(member_slug);
    [[nodiscard]] boost::asio::awaitable<std::optional<std::vector<store::person>>> live_persons(
        const member_slug&, const std::set<directory_id>& ids, bool all);
    [[nodiscard]] boost::asio::awaitable<bool> end_everything_of(const member_slug&,
                                                                 std::vector<store::person>,
                                                                 long long fence);

    boost::asio::io_context& io_;
    directory::member_directories& directories_;
    store::store& memory_;
    const clock& time_;
    observe::log& log_;
    const current_fence fence_;
    bool stopped_ = false;
    std::map<member_slug, pending> members_;
};

}  // namespace kommpass::idp::sessions
