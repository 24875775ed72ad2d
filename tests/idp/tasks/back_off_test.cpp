#include "idp/tasks/back_off.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::idp::tasks;
using namespace std::chrono_literals;

namespace {

class always final : public randomness {
public:
    explicit always(unsigned char byte) : byte_(byte) {}
    void fill(std::span<std::byte> out) override { std::ranges::fill(out, std::byte(byte_)); }

private:
    unsigned char byte_;
};

constexpr back_off bounds{.first_wait = 5s, .longest_wait = 60s};

}  // namespace

TEST_CASE("each further failure doubles the wait, up to the longest") {
    always lowest(0);

    CHECK(wait_after(1, bounds, lowest) == 5s);
    CHECK(wait_after(2, bounds, lowest) == 10s);
    CHECK(wait_after(3, bounds, lowest) == 20s);
    CHECK(wait_after(4, bounds, lowest) == 30s);
    CHECK(wait_after(1'000'000'000, bounds, lowest) == 30s);
}

TEST_CASE("a wait is random between its half and its whole, and within its bounds") {
    system_randomness random;
    bool differ = false;
    for (int n = 0; n < 1'000; ++n) {
        for (const long long failed : {1, 2, 3, 4, 50}) {
            const auto wait = wait_after(failed, bounds, random);
            REQUIRE(wait >= 5s);
            REQUIRE(wait <= 60s);
            if (failed == 2) {
                REQUIRE(wait >= 10s);
                REQUIRE(wait <= 20s);
                differ = differ || wait != wait_after(failed, bounds, random);
            }
        }
    }
    CHECK(differ);
}

TEST_CASE("bounds that leave no choice give what they say") {
    always highest(0xff);

    CHECK(wait_after(1, {.first_wait = 7s, .longest_wait = 7s}, highest) == 7s);
    CHECK(wait_after(3, {.first_wait = 9s, .longest_wait = 3s}, highest) == 3s);
}
