#include "idp/jose/numeric_date.hpp"

#include <doctest/doctest.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <string>

using namespace kommpass;
using idp::jose::numeric_date;

namespace {

std::optional<instant> read(const std::string& written) {
    return numeric_date(boost::json::parse(R"({"exp":)" + written + "}").as_object(), "exp");
}

}  // namespace

TEST_CASE("a time is a number of seconds, its fraction cut off") {
    CHECK(read("1790000000") == from_unix_seconds(1'790'000'000));
    CHECK(read("1790000000.9") == from_unix_seconds(1'790'000'000));
    CHECK(read("1.79e9") == from_unix_seconds(1'790'000'000));
    CHECK(read("0") == from_unix_seconds(0));
    CHECK(read("253402300799") == from_unix_seconds(idp::jose::last_second));
}

TEST_CASE("what is no time, or one that nothing can be reckoned with, is none") {
    for (const auto* written :
         {"-1", "253402300800", "179000006077777777", "9223372036854775807", "18446744073709551615",
          "1e300", "\"1790000000\"", "null", "true", "[1790000000]"}) {
        CAPTURE(written);
        CHECK_FALSE(read(written).has_value());
    }
    CHECK_FALSE(numeric_date({}, "exp").has_value());
}
