#include "directory/pace.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace kommpass::directory {

using boost::asio::awaitable;

pace::time_point real_pace::now() const noexcept { return std::chrono::steady_clock::now(); }

awaitable<void> real_pace::until(time_point when) {
    const auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, when);
    boost::system::error_code woken;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
}

}  // namespace kommpass::directory
