#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/live.hpp"
#include "config/vocabulary/randomness.hpp"
#include "directory/sign_in.hpp"
#include "idp/admin/actor.hpp"
#include "idp/audit/events.hpp"
#include "idp/store/store.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>

namespace kommpass::idp::admin {}  // namespace kommpass::idp::admin
namespace kommpass::idp::tasks {
class worker_thread;
}
namespace kommpass::idp::admin {

// What operations work with; for one request or one command. Refers to parts that outlive it. Its
// coroutines run on the thread of `directories`.
struct workplace {
    store::store& memory;
    live<policies::snapshot>& registry;
    directory::member_directories& directories;
    const clock& time;
    randomness& random;
    std::function<void()> registry_changed;  // tells the rest of the process; may be empty
    std::string request;                     // id, for the audit log
    std::string address;
    tasks::worker_thread* computing = nullptr;  // the thread for what takes long and does not wait

    [[nodiscard]] day today() const { return local_day_of(time.now()); }
};

// Notes that somebody asked for what is not theirs, or is not there: whoever answers a face calls
// it for each such answer, so that no operation can forget it. `what`: the kind of thing, never
// whose.
[[nodiscard]] boost::asio::awaitable<void> note_refused(workplace&, const actor&,
                                                        std::string_view code, std::string what);

// A record of now; who asks stands in its detail as "who", besides `fields`.
[[nodiscard]] store::audit_record record_of(
    const workplace&, const std::string& actor, audit::event, std::string_view result,
    std::initializer_list<std::pair<std::string_view, std::string_view>> fields = {});

}  // namespace kommpass::idp::admin
