#include "idp/store/outages.hpp"

#include <doctest/doctest.h>

using kommpass::instant;
using kommpass::idp::store::outages;
using namespace std::chrono_literals;

namespace {
const instant noon{1'764'600'000'000ms};
}

TEST_CASE("a store that always worked looks back at nothing") {
    CHECK(outages().looks_back(noon) == 0ms);
}

TEST_CASE("an outage counts from before it was noticed until ten seconds after its end") {
    outages seen;
    seen.begins(noon);
    CHECK(seen.looks_back(noon + 5s) == 25s);
    seen.ends(noon + 30s);
    CHECK(seen.looks_back(noon + 39s) == 59s);
    CHECK(seen.looks_back(noon + 40s) == 0s);
}

TEST_CASE("one that follows at once is the same; one that follows later is another") {
    outages seen;
    seen.begins(noon);
    seen.ends(noon + 30s);
    seen.begins(noon + 32s);
    CHECK(seen.looks_back(noon + 35s) == 55s);
    seen.ends(noon + 40s);
    seen.begins(noon + 90s);
    CHECK(seen.looks_back(noon + 91s) == 21s);
}
