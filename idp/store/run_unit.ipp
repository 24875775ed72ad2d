#pragma once

// How `store::write` and `store::read` turn a callable into a unit of work and wait for it.
// Included by store.hpp.

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <utility>

namespace kommpass::idp::store {
namespace detail {

// A callable's result (void becomes nothing), or what it threw.
template <class T>
struct outcome {
    std::optional<T> value;
    std::exception_ptr thrown;
};
template <>
struct outcome<void> {
    std::exception_ptr thrown;
};

}  // namespace detail

template <class Work>
boost::asio::awaitable<result<std::invoke_result_t<Work&, transaction&>, store_error>> store::run(
    Work work, kind k) {
    using value_type = std::invoke_result_t<Work&, transaction&>;
    using result_type = result<value_type, store_error>;

    detail::outcome<value_type> outcome;
    auto initiate = [this, k, &work, &outcome](auto handler) {
        using handler_type = decltype(handler);
        struct waiting_unit final : unit {
            waiting_unit(Work& w, detail::outcome<value_type>& o, handler_type h)
                : work(w),
                  out(o),
                  guard(boost::asio::get_associated_executor(h)),
                  resume(std::move(h)) {}
            void perform(transaction& t) override {
                out.thrown = nullptr;
                try {
                    if constexpr (std::is_void_v<value_type>)
                        work(t);
                    else
                        out.value.emplace(work(t));
                } catch (const engine_failure&) {
                    throw;
                } catch (...) {
                    out.thrown = std::current_exception();
                    throw;
                }
            }
            void finish(std::optional<store_error> error) override {
                auto executor = guard.get_executor();
                boost::asio::post(
                    executor, [h = std::move(resume), error]() mutable { std::move(h)(error); });
                guard.reset();
            }
            Work& work;                        // both live in the waiting coroutine's frame,
            detail::outcome<value_type>& out;  // which stays until `finish` resumed it
            boost::asio::executor_work_guard<boost::asio::associated_executor_t<handler_type>>
                guard;
            handler_type resume;
        };
        submit(std::make_unique<waiting_unit>(work, outcome, std::move(handler)), k);
    };
    const std::optional<store_error> error =
        co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                             void(std::optional<store_error>)>(
            initiate, boost::asio::use_awaitable);

    if (outcome.thrown) std::rethrow_exception(outcome.thrown);
    if (error) co_return result_type(*error);
    if constexpr (std::is_void_v<value_type>)
        co_return result_type();
    else
        co_return result_type(boost::system::in_place_value, std::move(*outcome.value));
}

}  // namespace kommpass::idp::store
