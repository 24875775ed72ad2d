#include "directory/refusal_times.hpp"

#include <doctest/doctest.h>

#include <cstring>

using namespace kommpass;
using namespace std::chrono_literals;
using directory::refusal_times;

namespace {

// Gives the number that it was made for.
class chosen_number final : public randomness {
public:
    explicit chosen_number(std::uint64_t number) : number_(number) {}
    void fill(std::span<std::byte> out) override { std::memcpy(out.data(), &number_, out.size()); }

private:
    std::uint64_t number_;
};

}  // namespace

TEST_CASE("while little is known of a directory, a refusal takes longer than a slow hash") {
    refusal_times times;
    chosen_number any(3);
    CHECK(times.least() == 250ms);
    CHECK(times.one_of(any) == 250ms);
    times.observed(5ms);
    CHECK(times.least() == 250ms);
    CHECK(times.one_of(any) == 5ms);
    times.observed(800ms);  // and longer still, where it is slower than that
    CHECK(times.least() == 1000ms);
}

TEST_CASE(
    "nearly all refusals keep to the least time, and the others are drawn from the real ones") {
    refusal_times times;
    for (int i = 1; i <= 20; ++i) times.observed(i * 1ms);
    CHECK(times.least() == 22'500us);
    chosen_number last(19);
    chosen_number first_again(20);
    CHECK(times.one_of(last) == 20ms);
    CHECK(times.one_of(first_again) == 1ms);
}

TEST_CASE("what was long ago is forgotten, and a few odd ones move nothing") {
    refusal_times times;
    for (int i = 0; i < 200; ++i) times.observed(4ms);
    CHECK(times.least() == 5ms);
    for (std::size_t i = 0; i < refusal_times::most; ++i) times.observed(80ms);
    CHECK(times.least() == 100ms);
    for (int i = 0; i < 50; ++i) times.observed(1ms);  // somebody wears them down
    CHECK(times.least() == 100ms);
}
