#pragma once

#include "idp/store/store.hpp"

#include <exception>
#include <functional>
#include <future>
#include <optional>

namespace kommpass::idp::store::engine {

// A unit of work for a thread that waits for it.
class awaited_unit final : public unit {
public:
    using work = std::function<void(transaction&)>;
    explicit awaited_unit(const work& w) : work_(w) {}

    [[nodiscard]] std::future<std::optional<store_error>> done() { return done_.get_future(); }

    void perform(transaction& t) override {
        thrown_ = nullptr;
        try {
            work_(t);
        } catch (const engine_failure&) {
            throw;
        } catch (...) {
            thrown_ = std::current_exception();
            throw;
        }
    }
    void finish(std::optional<store_error> error) override {
        if (thrown_)
            done_.set_exception(thrown_);
        else
            done_.set_value(error);
    }

private:
    const work& work_;
    std::exception_ptr thrown_;
    std::promise<std::optional<store_error>> done_;
};

}  // namespace kommpass::idp::store::engine
