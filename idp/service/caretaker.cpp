#include "idp/service/caretaker.hpp"

#include "idp/admin/campaigns.hpp"
#include "idp/admin/certificate_watch.hpp"
#include "idp/admin/notice_letters.hpp"
#include "idp/admin/overview.hpp"
#include "idp/admin/provider_workplace.hpp"
#include "idp/observe/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>

namespace kommpass::idp::service {
namespace {

constexpr auto first_round_after = std::chrono::seconds(2);
constexpr auto round_every = std::chrono::seconds(30);
constexpr auto look_at_certificates_every = std::chrono::hours(12);
constexpr auto look_at_everybody_every = std::chrono::hours(6);

}  // namespace

caretaker::caretaker(boost::asio::io_context& io, provider& p) : io_(io), provider_(p), next_(io) {}

void caretaker::start() {
    boost::asio::co_spawn(
        io_, [this]() -> boost::asio::awaitable<void> { co_await go_round(); },
        boost::asio::detached);
}

void caretaker::stop() {
    stopped_ = true;
    next_.cancel();
}

boost::asio::awaitable<void> caretaker::go_round() {
    auto at = admin::workplace_of(provider_);
    for (auto wait = first_round_after; !stopped_; wait = round_every) {
        next_.expires_after(wait);
        boost::system::error_code woken;
        co_await next_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
        if (stopped_) co_return;
        const auto closed = co_await admin::close_due_campaigns(at);
        if (!closed) provider_.log.error("campaign.not_closed", {{"reason", closed.error().code}});
        const auto now = provider_.time.now();
        if (now - looked_at_certificates_ >= look_at_certificates_every) {
            looked_at_certificates_ = now;
            admin::look_at_all_certificates(provider_);
        }
        if (now - looked_at_ >= look_at_everybody_every) {
            looked_at_ = now;
            co_await admin::look_at_everybody(at, provider_.desk);
        }
        co_await admin::send_notices(provider_);
    }
}

}  // namespace kommpass::idp::service
