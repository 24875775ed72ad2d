#pragma once

#include "idp/tasks/fair_workers.hpp"
#include "idp/tasks/worker_thread.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace kommpass::idp::tasks {

// What `work()` makes, on a thread for what would hold an I/O thread up: reading, compiling and
// writing a registry of ten thousand grants takes a tenth of a second. The coroutine goes on on its
// own executor. `work` may refer to what the awaiting coroutine has, as does `whose`; it gives a
// value. `worker`: a `worker_thread`, or `fair_workers` that are told whose work it is.
template <class Worker, class Work>
[[nodiscard]] boost::asio::awaitable<std::invoke_result_t<Work&>> run_on(
    Worker& worker, Work work, std::string_view whose = {}) {
    using made = std::invoke_result_t<Work&>;
    const auto executor = co_await boost::asio::this_coro::executor;
    auto initiate = [&worker, &work, whose, executor](auto handler) {
        auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
        auto guard = boost::asio::make_work_guard(executor);
        auto piece = [waiting, &work, executor, guard] {
            std::shared_ptr<made> result;
            std::exception_ptr failure;
            try {
                result = std::make_shared<made>(work());
            } catch (...) {
                failure = std::current_exception();
            }
            boost::asio::post(executor, [waiting, result, failure]() mutable {
                std::move (*waiting)(failure, std::move(result));
            });
        };
        if constexpr (requires { worker.add(piece, std::string(whose)); })
            worker.add(std::move(piece), std::string(whose));
        else
            worker.add(std::move(piece));
    };
    auto result =
        co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                             void(std::exception_ptr, std::shared_ptr<made>)>(
            std::move(initiate), boost::asio::use_awaitable);
    co_return std::move(*result);
}

}  // namespace kommpass::idp::tasks
