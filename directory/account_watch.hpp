#pragma once

#include "config/vocabulary/strong_string.hpp"
#include "directory/federation.hpp"
#include "directory/member_connections.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace kommpass::directory {

// What a directory has told of its accounts.
struct account_change {
    member_slug member;
    std::vector<directory_id> ids;  // these have changed; empty: any of them may have
};

// How a member is being watched just now.
enum class watch_state {
    connecting,
    pushed,  // the directory tells of every change
    polled,  // it offers no such thing, or the settings ask for polling
};

// Watches the directories of members for leavers: by RFC 4533, persistent search or Active
// Directory's update sequence number where the server offers it, and by saying "any may have
// changed" at every `poll_interval` besides, since an account that ends by its date changes
// nothing. After every new connection any may have changed, too. One I/O thread only.
class account_watch {
public:
    using listener = std::function<void(const account_change&)>;

    account_watch(boost::asio::io_context&, federation&, listener);
    ~account_watch();
    account_watch(const account_watch&) = delete;

    // Watches these members from now on, and no others. Those whose settings are the same go on.
    void watch(const std::map<member_slug, directory_settings>&);
    void stop();
    [[nodiscard]] std::map<member_slug, watch_state> states() const;

private:
    class member_watch;
    boost::asio::io_context& io_;
    federation& shared_;
    listener on_change_;
    std::map<member_slug, std::shared_ptr<member_watch>> members_;
};

}  // namespace kommpass::directory
