#pragma once

#include "idp/store/store.hpp"

#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <latch>
#include <thread>
#include <utility>

namespace kommpass::tests {

// Does a thing in a transaction of its own, for tests that are not about waiting: it must succeed.
template <class Work>
auto written(idp::store::store& memory, Work work) {
    using value = std::invoke_result_t<Work&, idp::store::transaction&>;
    if constexpr (std::is_void_v<value>) {
        REQUIRE(memory.write_now([&](idp::store::transaction& t) { work(t); }));
    } else {
        std::optional<value> out;
        REQUIRE(memory.write_now([&](idp::store::transaction& t) { out.emplace(work(t)); }));
        return *std::move(out);
    }
}
template <class Work>
auto seen(idp::store::store& memory, Work work) {
    using value = std::invoke_result_t<Work&, idp::store::transaction&>;
    std::optional<value> out;
    REQUIRE(memory.read_now([&](idp::store::transaction& t) { out.emplace(work(t)); }));
    return *std::move(out);
}

// An I/O thread like the server's.
class io_thread {
public:
    // Starts a coroutine there; the future has its result.
    template <class T>
    std::future<T> start(boost::asio::awaitable<T> coroutine) {
        return boost::asio::co_spawn(context_, std::move(coroutine), boost::asio::use_future);
    }
    ~io_thread() {
        guard_.reset();
        thread_.join();
    }

private:
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{
        context_.get_executor()};
    std::thread thread_{[this] { context_.run(); }};
};

// Holds the engine's writer inside a unit of work until let go, so that a test decides what waits
// behind it.
class held_writer {
public:
    explicit held_writer(idp::store::store& memory)
        : thread_([this, &memory] {
              const auto done = memory.write_now([this](idp::store::transaction&) {
                  held_.count_down();
                  let_go_.wait();
              });
              REQUIRE(done);
          }) {
        held_.wait();
    }
    ~held_writer() { let_go(); }
    void let_go() {
        if (!thread_.joinable()) return;
        let_go_.count_down();
        thread_.join();
    }

private:
    std::latch held_{1};
    std::latch let_go_{1};
    std::thread thread_;
};

// A coroutine that does `work` in one write; the callable lives in its frame.
template <class Work>
auto write_once(idp::store::store& memory, Work work) -> boost::asio::awaitable<
    result<std::invoke_result_t<Work&, idp::store::transaction&>, idp::store::store_error>> {
    co_return co_await memory.write(std::move(work));
}
template <class Work>
auto read_once(idp::store::store& memory, Work work) -> boost::asio::awaitable<
    result<std::invoke_result_t<Work&, idp::store::transaction&>, idp::store::store_error>> {
    co_return co_await memory.read(std::move(work));
}

}  // namespace kommpass::tests
