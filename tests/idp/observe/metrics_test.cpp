#include "idp/observe/metrics.hpp"
#include "idp/http/request.hpp"
#include "idp/http/request_metrics.hpp"
#include "idp/http/response.hpp"
#include "idp/observe/log.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

using namespace kommpass;
using namespace std::chrono_literals;
using idp::http::method;
using idp::http::request_metrics;
using idp::observe::metrics;

namespace {

idp::http::router two_routes() {
    idp::http::router routes;
    const auto nothing = [](const idp::http::request&) { return idp::http::response{}; };
    routes.add_immediate({method::get}, "/jwks", nothing);
    routes.add_immediate({method::get}, "/authorize", nothing);
    routes.add_immediate({method::post}, "/authorize", nothing);
    return routes;
}

bool contains(const std::string& text, const std::string& line) {
    return text.find(line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("requests are counted by route and class of status, over all threads") {
    const auto routes = two_routes();
    const auto counted = std::make_shared<request_metrics>();
    metrics all;
    all.add(counted);
    const auto first_thread = counted->observer_for(routes);
    const auto second_thread = counted->observer_for(routes);
    const idp::http::request asked;
    const auto* const jwks = &routes.routes()[0];

    first_thread({&asked, jwks, 200, 10, 50us});
    second_thread({&asked, jwks, 200, 10, 70ms});
    second_thread({&asked, jwks, 304, 0, 50us});
    first_thread({&asked, &routes.routes()[1], 200, 10, 1us});
    first_thread({&asked, &routes.routes()[2], 302, 10, 1us});
    first_thread({&asked, nullptr, 400, 10, 1us});

    const auto text = all.scrape();
    CHECK(contains(text, R"(kommpass_http_requests_total{route="/jwks",status="2xx"} 2)"));
    CHECK(contains(text, R"(kommpass_http_requests_total{route="/jwks",status="3xx"} 1)"));
    CHECK(contains(text, R"(kommpass_http_requests_total{route="/authorize",status="3xx"} 1)"));
    CHECK(contains(text, R"(kommpass_http_requests_total{route="none",status="4xx"} 1)"));
    CHECK(contains(text, R"(kommpass_http_request_duration_seconds_count{route="/jwks"} 3)"));
    CHECK(contains(
        text, R"(kommpass_http_request_duration_seconds_bucket{route="/jwks",le="0.0001"} 2)"));
    CHECK(contains(text,
                   R"(kommpass_http_request_duration_seconds_bucket{route="/jwks",le="0.1"} 3)"));
    CHECK(contains(text,
                   R"(kommpass_http_request_duration_seconds_bucket{route="/jwks",le="+Inf"} 3)"));
}

TEST_CASE("two routes of one path make one series") {
    const auto routes = two_routes();
    const auto counted = std::make_shared<request_metrics>();
    metrics all;
    all.add(counted);
    const auto thread = counted->observer_for(routes);
    const idp::http::request asked;

    thread({&asked, &routes.routes()[1], 200, 0, 1us});
    thread({&asked, &routes.routes()[2], 200, 0, 1us});

    CHECK(contains(all.scrape(),
                   R"(kommpass_http_requests_total{route="/authorize",status="2xx"} 2)"));
}

TEST_CASE("a gauge is read when somebody scrapes") {
    metrics all;
    double value = 1;
    all.add_gauge("kommpass_test", "A test.", [&] { return value; });
    value = 42;

    CHECK(contains(all.scrape(), "kommpass_test 42"));
    CHECK(contains(all.scrape(), "# TYPE kommpass_test gauge"));
}

TEST_CASE("what no longer lives is no longer asked") {
    metrics all;
    const auto routes = two_routes();
    {
        const auto counted = std::make_shared<request_metrics>();
        all.add(counted);
        static_cast<void>(counted->observer_for(routes));
        CHECK(all.scrape().find("kommpass_http_requests_total") != std::string::npos);
    }

    CHECK(all.scrape().find("kommpass_http_requests_total") == std::string::npos);
}

TEST_CASE("the process tells of its memory and files") {
    metrics all;
    add_process_gauges(all);

    const auto text = all.scrape();
    const auto at = text.find("\nprocess_resident_memory_bytes ");
    REQUIRE(at != std::string::npos);
    CHECK(std::stod(text.substr(at + 31)) > 100'000);
    CHECK(text.find("\nprocess_open_fds ") != std::string::npos);
    CHECK(text.find("\nprocess_start_time_seconds ") != std::string::npos);
}
