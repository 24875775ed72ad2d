#include "directory/change_feed.hpp"

#include "config/vocabulary/distinguished_name.hpp"
#include "directory/person_entry.hpp"
#include "directory/sync_controls.hpp"
#include "directory/vendor_profile.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <memory>

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;
using steady = std::chrono::steady_clock;

constexpr auto persistent_search_control = "2.16.840.1.113730.3.4.3";
constexpr auto usn_is_read_every = std::chrono::milliseconds(1000);

bool is_unsupported(int code) {
    return code == LDAP_UNAVAILABLE_CRITICAL_EXTENSION || code == LDAP_UNWILLING_TO_PERFORM ||
           code == LDAP_INSUFFICIENT_ACCESS || code == LDAP_PROTOCOL_ERROR ||
           code == LDAP_NO_SUCH_OBJECT;
}

feed_end end_of(const answered& answer) {
    return answer && is_unsupported(answer->code) ? feed_end::unsupported : feed_end::lost;
}

// One connection, one member, one way of being told.
class follower {
public:
    follower(std::shared_ptr<ldap_connection> connection,
             std::shared_ptr<const directory_settings> settings, feed_events events)
        : connection_(std::move(connection)),
          settings_(std::move(settings)),
          events_(std::move(events)) {}

    awaitable<feed_end> run() {
        switch (profile_of(settings_->vendor).feed) {
            case change_feed::usn:
                co_return co_await read_usn();
            case change_feed::persistent_search:
                co_return co_await search_persistently();
            case change_feed::sync:
                break;
        }
        co_return co_await synchronise();
    }

private:
    steady_time soon() const { return steady::now() + settings_->deadline; }

    awaitable<ldap_entry> read_entry(std::string dn, std::vector<std::string> attributes) {
        search_request request;
        request.base = std::move(dn);
        request.scope = LDAP_SCOPE_BASE;
        request.attributes = std::move(attributes);
        auto answer = co_await connection_->search(std::move(request), soon());
        if (!answer || answer->entries.empty()) co_return ldap_entry();
        co_return std::move(answer->entries.front());
    }

    awaitable<std::string> naming_context() {
        std::vector<std::string> attributes{"namingContexts"};
        std::string root_dse;
        const auto root = co_await read_entry(std::move(root_dse), std::move(attributes));
        co_return naming_context_of(settings_->person_base, root.all("namingContexts"));
    }

    search_request persons_below(std::string base, std::vector<std::string> attributes) const {
        search_request request;
        request.base = std::move(base);
        request.filter = settings_->person_filter;
        request.attributes = std::move(attributes);
        return request;
    }

    // RFC 4533. With the state of this moment as cookie only what comes later is sent; a server
    // that does not tell its state sends everybody first, which says nothing.
    awaitable<feed_end> synchronise() {
        auto context = co_await naming_context();
        std::vector<std::string> attributes{"contextCSN"};
        const auto state = co_await read_entry(std::move(context), std::move(attributes));
        std::string cookie;
        for (const auto& csn : state.all("contextCSN")) cookie += (cookie.empty() ? "" : ";") + csn;
        if (!cookie.empty()) cookie = "rid=001,csn=" + cookie;
        bool refreshed = !cookie.empty();
        if (refreshed) events_.began();
        const auto on_message = [&](const feed_message& message) {
            if (message.intermediate_oid == LDAP_SYNC_INFO) {
                const auto info = read_sync_info(message.intermediate_value);
                if (refreshed && info.names_entries) events_.changed({});
                if (info.refresh_done && !refreshed) {
                    refreshed = true;
                    events_.began();
                }
                return;
            }
            const auto control = message.controls.find(LDAP_CONTROL_SYNC_STATE);
            if (!refreshed || control == message.controls.end()) return;
            tell(directory_id(entry_uuid_in(control->second)));
        };
        std::vector<std::string> nothing{"1.1"};
        auto request = persons_below(settings_->person_base, std::move(nothing));
        request_control control{LDAP_CONTROL_SYNC, sync_request_value(cookie)};
        const auto answer =
            co_await connection_->listen(std::move(request), std::move(control), on_message);
        co_return end_of(answer);
    }

    // From the naming context down, so that a person who is moved out of the allowed tree is seen.
    awaitable<feed_end> search_persistently() {
        auto context = co_await naming_context();
        std::vector<std::string> id{settings_->id_attribute};
        auto request = persons_below(std::move(context), std::move(id));
        request_control control{persistent_search_control, persistent_search_value()};
        const auto on_message = [&](const feed_message& message) {
            tell(id_of(message.entry, *settings_));
        };
        events_.began();
        const auto answer =
            co_await connection_->listen(std::move(request), std::move(control), on_message);
        co_return end_of(answer);
    }

    // Every change of a domain controller's copy counts its update sequence number up. Deleted
    // entries are hidden from a service account, so the number is all there is to see of them.
    awaitable<feed_end> read_usn() {
        boost::asio::steady_timer next(co_await boost::asio::this_coro::executor);
        std::string last;
        while (connection_->is_open()) {
            std::vector<std::string> attributes{"highestCommittedUSN"};
            std::string root_dse;
            const auto root = co_await read_entry(std::move(root_dse), std::move(attributes));
            const auto usn = root.only("highestCommittedUSN");
            if (usn.empty())
                co_return connection_->is_open() && last.empty() ? feed_end::unsupported
                                                                 : feed_end::lost;
            if (last.empty())
                events_.began();
            else if (usn != last)
                events_.changed({});
            last = usn;
            next.expires_after(usn_is_read_every);
            boost::system::error_code woken;
            co_await next.async_wait(
                boost::asio::redirect_error(boost::asio::use_awaitable, woken));
        }
        co_return feed_end::lost;
    }

    void tell(const directory_id& id) {
        if (id.empty())
            events_.changed({});
        else
            events_.changed({id});
    }

    std::shared_ptr<ldap_connection> connection_;
    std::shared_ptr<const directory_settings> settings_;
    feed_events events_;
};

}  // namespace

awaitable<feed_end> follow_changes(std::shared_ptr<ldap_connection> connection,
                                   std::shared_ptr<const directory_settings> settings,
                                   feed_events events) {
    follower one(std::move(connection), std::move(settings), std::move(events));
    co_return co_await one.run();
}

std::string naming_context_of(const std::string& dn, const std::vector<std::string>& contexts) {
    const auto wanted = distinguished_name::parse(dn);
    std::string best;
    for (const auto& one : contexts) {
        const auto parsed = distinguished_name::parse(one);
        if (wanted && parsed && wanted->is_within(*parsed) && one.size() > best.size()) best = one;
    }
    return best.empty() ? dn : best;
}

}  // namespace kommpass::directory
