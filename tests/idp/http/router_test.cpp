#include "idp/http/router.hpp"
#include "idp/http/method.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"

#include <doctest/doctest.h>

using namespace kommpass::idp::http;

namespace {

immediate_handler answering(unsigned status) {
    return [status](const request&) {
        response answer;
        answer.status = status;
        return answer;
    };
}

unsigned status_of(const router::route& route) {
    return std::get<immediate_handler>(route.handle)(request{}).status;
}

}  // namespace

TEST_CASE("an exact path wins over a prefix, and a longer prefix over a shorter one") {
    router routes;
    routes.add_immediate({method::get}, "/static/", answering(1));
    routes.add_immediate({method::get}, "/static/fonts/", answering(2));
    routes.add_immediate({method::get}, "/static/a.css", answering(3));

    CHECK(status_of(*routes.find(method::get, "/static/b.css").found) == 1);
    CHECK(status_of(*routes.find(method::get, "/static/fonts/x").found) == 2);
    CHECK(status_of(*routes.find(method::get, "/static/a.css").found) == 3);
    CHECK(routes.find(method::get, "/static").found == nullptr);
    CHECK(routes.find(method::get, "/static/a.css/").found != nullptr);
}

TEST_CASE("the root is a path and no prefix of everything") {
    router routes;
    routes.add_immediate({method::get}, "/", answering(1));

    CHECK(routes.find(method::get, "/").found != nullptr);
    CHECK(routes.find(method::get, "/other").found == nullptr);
    CHECK(routes.find(method::get, "/other").other_method == nullptr);
}

TEST_CASE("HEAD finds the route of GET") {
    router routes;
    routes.add_immediate({method::get}, "/jwks", answering(200));
    routes.add_immediate({method::post}, "/token", answering(200));

    CHECK(routes.find(method::head, "/jwks").found != nullptr);
    CHECK(routes.find(method::head, "/token").found == nullptr);
}

TEST_CASE("a path may have a route for each method") {
    router routes;
    routes.add_immediate({method::get}, "/authorize", answering(1));
    routes.add_immediate({method::post}, "/authorize", answering(2), {.cors = true});

    CHECK(status_of(*routes.find(method::get, "/authorize").found) == 1);
    CHECK(status_of(*routes.find(method::post, "/authorize").found) == 2);
    const auto other = routes.find(method::options, "/authorize");
    CHECK(other.found == nullptr);
    REQUIRE(other.other_method != nullptr);
    CHECK(other.other_method->options.cors);
    CHECK(routes.allowed_methods("/authorize") == "GET, HEAD, POST");
    CHECK(routes.allowed_methods("/none").empty());
}

TEST_CASE("routes are numbered as they were added") {
    router routes;
    routes.add_immediate({method::get}, "/a", answering(1));
    routes.add_immediate({method::get}, "/b/", answering(2));

    CHECK(routes.find(method::get, "/a").found->number == 0);
    CHECK(routes.find(method::get, "/b/c").found->number == 1);
    CHECK(routes.routes()[1].path == "/b/");
}
