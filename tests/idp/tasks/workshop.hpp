#pragma once

#include "idp/observe/log.hpp"
#include "idp/store/store.hpp"
#include "idp/tasks/scheduler.hpp"
#include "tests/idp/store/store_folder.hpp"
#include "tests/support/turned_clock.hpp"

#include <doctest/doctest.h>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace kommpass::tests {

// A store in a folder, a clock that stands still, a log that is read back, and an io_context that
// the test itself runs.
struct workshop {
    store_folder folder;
    turned_clock time;
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> lines{std::tmpfile(), &std::fclose};
    idp::observe::log log{config::log_format::logfmt, config::log_level::debug, time,
                          ::fileno(lines.get())};
    std::unique_ptr<idp::store::store> memory = folder.open();
    boost::asio::io_context io{1};

    // A unit of work that was just answered still holds the io_context, on the store's thread.
    ~workshop() { memory->stop(); }

    // Runs until `condition` holds; a test that would wait for ever fails.
    template <class Condition>
    void run_until(Condition condition) {
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!condition()) {
            REQUIRE(std::chrono::steady_clock::now() < limit);
            io.restart();
            io.run_one_for(std::chrono::milliseconds(20));
        }
    }
    // Looks, and runs until no task runs any more.
    void look(idp::tasks::scheduler& tasks) {
        tasks.look();
        run_until([&] { return tasks.running() == 0; });
    }
    // As a service ends: until nothing refers to the scheduler any more.
    void end(idp::tasks::scheduler& tasks) {
        tasks.stop();
        run_until([&] { return tasks.running() == 0; });
        io.restart();
        io.poll();
    }

    // How many lines were logged with this event.
    int logged(const std::string& event) {
        log.flush();
        std::rewind(lines.get());
        std::string all;
        for (int c = std::fgetc(lines.get()); c != EOF; c = std::fgetc(lines.get()))
            all += static_cast<char>(c);
        int count = 0;
        const auto wanted = "event=" + event + " ";
        for (auto at = all.find(wanted); at != std::string::npos; at = all.find(wanted, at + 1))
            ++count;
        return count;
    }

    // A scheduler that looks only when the test says so.
    [[nodiscard]] std::unique_ptr<idp::tasks::scheduler> node(const std::string& name) {
        return std::make_unique<idp::tasks::scheduler>(io, *memory, time, log, name,
                                                       std::chrono::hours(1));
    }
};

// A task that counts its runs and ends as it is told.
struct counted {
    int runs = 0;
    idp::tasks::progress ends = idp::tasks::progress::done();

    [[nodiscard]] idp::tasks::task every(std::chrono::seconds period,
                                         std::chrono::seconds first_after = {},
                                         const std::string& name = "counted") {
        return {.name = name, .every = period, .first_after = first_after, .run = [this] {
                    return run();
                }};
    }
    boost::asio::awaitable<idp::tasks::progress> run() {
        ++runs;
        co_return ends;
    }
};

// Something to wait for until the test opens it.
class gate {
public:
    explicit gate(boost::asio::io_context& io)
        : timer_(io, boost::asio::steady_timer::time_point::max()) {}
    // Ends with `operation_aborted` where the waiting coroutine is cancelled.
    boost::asio::awaitable<void> passed() {
        while (!open_) {
            boost::system::error_code cancelled;
            auto token = boost::asio::redirect_error(boost::asio::use_awaitable, cancelled);
            co_await timer_.async_wait(token);
            if (cancelled && !open_) throw boost::system::system_error(cancelled);
        }
    }
    void open() {
        open_ = true;
        timer_.cancel();
    }

private:
    boost::asio::steady_timer timer_;
    bool open_ = false;
};

}  // namespace kommpass::tests
