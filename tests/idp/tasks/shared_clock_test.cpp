#include "idp/tasks/shared_clock_task.hpp"

#include <doctest/doctest.h>

namespace {

using kommpass::instant;
using kommpass::idp::tasks::shared_clock;
using namespace std::chrono_literals;

const instant asked{1'764'600'000'000ms};

std::chrono::milliseconds ahead(std::chrono::milliseconds shared, std::chrono::milliseconds took) {
    shared_clock found;
    found.note(asked, asked + shared, asked + took);
    return found.ahead();
}

}  // namespace

TEST_CASE("what lies between question and answer is no difference, however long they took") {
    CHECK(ahead(0ms, 0ms) == 0ms);
    CHECK(ahead(3s, 4s) == 0ms);
    CHECK(ahead(-1ms, 4s) == 1ms);
    CHECK(ahead(4'001ms, 4s) == -1ms);
}

TEST_CASE("ten seconds are taken, more are not, in both directions; and what was wrong is mended") {
    shared_clock found;
    CHECK(found.agrees());
    for (const auto off : {10s, -10s}) {
        found.note(asked, asked + off, asked);
        CHECK(found.agrees());
        found.note(asked, asked + off + off / 10, asked);
        CHECK_FALSE(found.agrees());
    }
    found.note(asked, asked, asked);
    CHECK(found.agrees());
}
