#include "directory/account_watch.hpp"

#include "directory/change_feed.hpp"
#include "directory/vendor_profile.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

constexpr milliseconds first_pause{500};
constexpr milliseconds longest_pause{30'000};

}  // namespace

class account_watch::member_watch : public std::enable_shared_from_this<member_watch> {
public:
    member_watch(boost::asio::io_context& io, federation& shared, member_slug slug,
                 directory_settings settings, const listener& on_change)
        : slug_(std::move(slug)),
          as_registered_(std::move(settings)),
          settings_(
              std::make_shared<const directory_settings>(with_vendor_defaults(as_registered_))),
          connections_(std::make_shared<member_connections>(io, shared, slug_, settings_)),
          on_change_(on_change),
          io_(io),
          next_poll_(io),
          next_try_(io) {}

    void start() {
        spawn([self = shared_from_this()] { return self->poll(); });
        if (settings_->watch == leaver_watch::push)
            spawn([self = shared_from_this()] { return self->follow(); });
        else
            state_ = watch_state::polled;
    }

    void stop() {
        stopped_ = true;
        next_poll_.cancel();
        next_try_.cancel();
        if (connection_) connection_->close();
        connections_->stop();
    }

    [[nodiscard]] const directory_settings& settings() const { return as_registered_; }
    [[nodiscard]] watch_state state() const { return state_; }

private:
    template <class Make>
    void spawn(Make make) {
        boost::asio::co_spawn(
            io_, [make]() -> awaitable<void> { co_await make(); }, boost::asio::detached);
    }

    awaitable<void> poll() {
        while (!stopped_) {
            tell({});
            next_poll_.expires_after(settings_->poll_interval);
            boost::system::error_code woken;
            co_await next_poll_.async_wait(
                boost::asio::redirect_error(boost::asio::use_awaitable, woken));
        }
    }

    awaitable<void> follow() {
        auto pause = first_pause;
        while (!stopped_) {
            state_ = watch_state::connecting;
            const auto deadline = steady::now() + settings_->deadline;
            auto opened = co_await connections_->open_own(deadline);
            if (stopped_) co_return;
            if (opened) {
                connection_ = *opened;
                auto reports = events(pause);
                const auto end =
                    co_await follow_changes(connection_, settings_, std::move(reports));
                connection_->close();
                connections_->give_back_own(std::move(connection_));
                if (end == feed_end::unsupported) {
                    state_ = watch_state::polled;
                    co_return;
                }
            }
            if (stopped_) co_return;
            next_try_.expires_after(pause);
            pause = std::min(2 * pause, longest_pause);
            boost::system::error_code woken;
            co_await next_try_.async_wait(
                boost::asio::redirect_error(boost::asio::use_awaitable, woken));
        }
    }

    // What changed while nobody was listening is found by asking for all.
    feed_events events(milliseconds& pause) {
        return {[this, &pause] {
                    pause = first_pause;
                    state_ = watch_state::pushed;
                    tell({});
                },
                [this](const std::vector<directory_id>& ids) { tell(ids); }};
    }

    void tell(const std::vector<directory_id>& ids) {
        if (!stopped_) on_change_({slug_, ids});
    }

    member_slug slug_;
    directory_settings as_registered_;
    std::shared_ptr<const directory_settings> settings_;
    std::shared_ptr<member_connections> connections_;
    const listener& on_change_;
    boost::asio::io_context& io_;
    boost::asio::steady_timer next_poll_;
    boost::asio::steady_timer next_try_;
    std::shared_ptr<ldap_connection> connection_;
    watch_state state_ = watch_state::connecting;
    bool stopped_ = false;
};

account_watch::account_watch(boost::asio::io_context& io, federation& shared, listener on_change)
    : io_(io), shared_(shared), on_change_(std::move(on_change)) {}

account_watch::~account_watch() { stop(); }

void account_watch::watch(const std::map<member_slug, directory_settings>& wanted) {
    for (auto at = members_.begin(); at != members_.end();) {
        const auto found = wanted.find(at->first);
        const bool goes_on = found != wanted.end() && found->second == at->second->settings();
        if (!goes_on) at->second->stop();
        at = goes_on ? std::next(at) : members_.erase(at);
    }
    for (const auto& [slug, settings] : wanted) {
        if (members_.contains(slug)) continue;
        auto made = std::make_shared<member_watch>(io_, shared_, slug, settings, on_change_);
        members_.emplace(slug, made);
        made->start();
    }
}

void account_watch::stop() {
    for (const auto& [slug, one] : members_) one->stop();
    members_.clear();
}

std::map<member_slug, watch_state> account_watch::states() const {
    std::map<member_slug, watch_state> all;
    for (const auto& [slug, one] : members_) all.emplace(slug, one->state());
    return all;
}

}  // namespace kommpass::directory
