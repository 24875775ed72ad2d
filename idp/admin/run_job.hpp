#pragma once

#include "idp/admin/actor.hpp"
#include "idp/admin/effects.hpp"
#include "idp/admin/job_results.hpp"
#include "idp/admin/operation_context.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace kommpass::idp::admin {

// What a job refers to: lives as long as its work.
struct job_context {
    operation_context at;
    actor who;
};

[[nodiscard]] inline refusal too_many_jobs() {
    return {refusal::reason::unavailable, "too_many_jobs", {}, {}};
}

[[nodiscard]] inline progress progress_of(const std::shared_ptr<job>& running) {
    return [running](std::size_t done, std::size_t of) {
        running->done.store(done, std::memory_order_relaxed);
        running->of.store(of, std::memory_order_relaxed);
        return !running->cancelled.load(std::memory_order_relaxed);
    };
}

template <class Work>
boost::asio::awaitable<void> run_job(std::shared_ptr<job> running, Work work) {
    // Nobody waits for a job: what it throws would be lost, and it would seem to run for ever.
    try {
        auto made = co_await work(progress_of(running));
        finish(*running, std::move(made));
    } catch (const std::exception& bug) {
        finish(*running, refusal{refusal::reason::unavailable, "internal", {}, {bug.what()}});
    }
}

// Runs `work(progress)`, which gives an awaitable answer, beside the request on its thread.
template <class Work>
boost::asio::awaitable<void> spawn_job(std::shared_ptr<job> running, Work work) {
    const auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::co_spawn(executor, run_job(std::move(running), std::move(work)),
                          boost::asio::detached);
}

}  // namespace kommpass::idp::admin
