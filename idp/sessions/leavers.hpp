#pragma once

#include "directory/account_watch.hpp"
#include "directory/sign_in.hpp"
#include "idp/observe/log.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <map>
#include <set>

namespace kommpass::idp::sessions {

// Ends every session and refresh token of persons who may not be here any more (R25), as soon as
// their directory tells. A directory that cannot be asked ends nobody's. One I/O thread only, that
// of the directories it asks with; all that it refers to outlives it.
class leavers {
public:
    leavers(boost::asio::io_context&, directory::federation&, directory::member_directories&,
            store::store&, observe::log&);
    leavers(const leavers&) = delete;

    // Begins to watch those members of which somebody is signed in.
    void start(std::map<member_slug, directory_settings>);
    // The members of a new registry.
    void take_members(std::map<member_slug, directory_settings>);
    void stop();

    // What came from a watch. Changes of one member that come while it is being asked about are
    // gathered for the next question.
    void take(const directory::account_change&);

private:
    struct pending {
        std::set<directory_id> ids;
        bool all = false;
        bool working = false;
    };
    boost::asio::awaitable<void> keep_watching();
    boost::asio::awaitable<void> work_on(member_slug);
    [[nodiscard]] boost::asio::awaitable<std::vector<store::person>> live_persons(
        const member_slug&, const std::set<directory_id>& ids, bool all);
    [[nodiscard]] boost::asio::awaitable<void> end_everything_of(std::vector<store::person>);

    boost::asio::io_context& io_;
    directory::member_directories& directories_;
    store::store& memory_;
    const clock& time_;
    observe::log& log_;
    directory::account_watch watch_;
    std::map<member_slug, directory_settings> settings_;
    boost::asio::steady_timer next_look_;
    bool stopped_ = false;
    std::map<member_slug, pending> members_;
};

}  // namespace kommpass::idp::sessions
