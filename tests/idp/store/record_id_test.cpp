#include "idp/store/record_id.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace kommpass;
using namespace std::chrono_literals;
using idp::store::new_record_id;

TEST_CASE(
    "a record id spells its time in ten digits of Crockford's base32, most significant first") {
    system_randomness random;

    // The example of the ULID specification.
    CHECK(new_record_id(random, instant{1469918176385ms}).substr(0, 10) == "01ARYZ6S41");
    CHECK(new_record_id(random, instant{0ms}).substr(0, 10) == "0000000000");
    CHECK(new_record_id(random, instant{0ms}).size() == 26);
}

TEST_CASE("record ids of one moment differ, and those of a later one sort after them") {
    system_randomness random;
    std::set<std::string> now;
    for (int i = 0; i < 1'000; ++i) now.insert(new_record_id(random, instant{1'790'000'000'000ms}));

    CHECK(now.size() == 1'000);
    CHECK(new_record_id(random, instant{1'790'000'000'001ms}) > *now.rbegin());
}
