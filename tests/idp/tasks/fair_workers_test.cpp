// Whoever heaps work up waits behind it themselves.
#include "idp/tasks/fair_workers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <future>
#include <mutex>
#include <string>
#include <vector>

using kommpass::idp::tasks::fair_workers;

namespace {

// What was done, in order.
class ledger {
public:
    void note(std::string what) {
        const std::lock_guard lock(mutex_);
        done_.push_back(std::move(what));
    }
    std::vector<std::string> done() {
        const std::lock_guard lock(mutex_);
        return done_;
    }

private:
    std::mutex mutex_;
    std::vector<std::string> done_;
};

}  // namespace

TEST_CASE("one piece of another waits behind one piece, not behind two hundred") {
    ledger all;
    fair_workers workers(1);
    std::promise<void> gate;
    const auto open = gate.get_future().share();
    workers.add([open] { open.wait(); }, "lebus");
    for (int i = 0; i < 200; ++i) workers.add([&all] { all.note("lebus"); }, "lebus");
    std::promise<void> told;
    workers.add([&] { all.note("cottbus"); }, "cottbus");
    workers.add([&] { told.set_value(); }, "cottbus");
    gate.set_value();
    told.get_future().wait();
    const auto done = all.done();
    const auto before = std::find(done.begin(), done.end(), "cottbus") - done.begin();
    CHECK(before <= 1);
}

TEST_CASE("one's own work is done one after the other, in order, on however many threads") {
    ledger all;
    std::promise<void> told;
    {
        fair_workers workers(4);
        for (int i = 0; i < 50; ++i)
            workers.add([&all, i] { all.note(std::to_string(i)); }, "lebus");
        workers.add([&] { told.set_value(); }, "lebus");
        told.get_future().wait();
    }
    const auto done = all.done();
    REQUIRE(done.size() == 50);
    for (int i = 0; i < 50; ++i) CHECK(done[static_cast<std::size_t>(i)] == std::to_string(i));
}

TEST_CASE("work of one that hangs leaves the other threads to the others") {
    fair_workers workers(2);
    std::promise<void> gate;
    const auto open = gate.get_future().share();
    for (int i = 0; i < 3; ++i) workers.add([open] { open.wait(); }, "lebus");
    std::promise<void> told;
    workers.add([&] { told.set_value(); }, "cottbus");
    told.get_future().wait();  // would wait for ever if Lebus held both threads
    gate.set_value();
}

TEST_CASE("what waits at the end is dropped, what runs is waited for") {
    ledger all;
    std::promise<void> begun;
    std::promise<void> gate;
    fair_workers workers(1);
    workers.add([&] {
        begun.set_value();
        gate.get_future().wait();
        all.note("ran");
    });
    workers.add([&] { all.note("dropped"); });
    begun.get_future().wait();
    auto ended = std::async(std::launch::async, [&] { workers.stop(); });
    gate.set_value();
    ended.wait();
    workers.add([&] { all.note("too late"); });
    const auto done = all.done();
    CHECK((done == std::vector<std::string>{"ran"} ||
           done == std::vector<std::string>{"ran", "dropped"}));
}
