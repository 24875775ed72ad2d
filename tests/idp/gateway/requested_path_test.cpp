#include "idp/gateway/requested_path.hpp"

#include <doctest/doctest.h>

#include <string>

using kommpass::idp::gateway::read_path;

TEST_CASE("a path is decoded once, and the query is none of it") {
    const auto path = read_path("/Akten/B%C3%BCrger?x=/public/");
    CHECK_FALSE(path.ambiguous);
    CHECK(path.literal == "/Akten/Bürger");
    CHECK(path.folded == "/akten/bürger");
}

TEST_CASE("what the laxest application would read is one path") {
    for (const auto* written :
         {"/admin/users", "//admin/users", "/admin//users", "/ADMIN/Users", "/admin;v=1/users",
          "/;x/admin/users;jsessionid=1", "/%61dmin/users", "/admin./users", "/admin/users.",
          "/admin%20/users", "/admin.%20./users"}) {
        CAPTURE(written);
        const auto path = read_path(written);
        CHECK_FALSE(path.ambiguous);
        CHECK(path.folded == "/admin/users");
    }
}

TEST_CASE("what two readers could see as two paths goes to nobody") {
    for (const auto* written : {"/public/../admin",
                                "/public/./admin",
                                "/public/%2e%2e/admin",
                                "/public/.%2E/admin",
                                "/public/..;/admin",
                                "/public/..;a=b/admin",
                                "/public/.%20/admin",
                                "/public/...",
                                "/public%2fadmin",
                                "/public%2Fadmin",
                                "/public\\admin",
                                "/public%5cadmin",
                                "/public%252e%252e/admin",
                                "/public%25/",
                                "/admin#/public/",
                                "/a b",
                                "/a\tb",
                                "/a%0ab",
                                "/a%00b",
                                "/a%zz",
                                "/a%",
                                "/a%ff",
                                "",
                                "admin",
                                "http://other.example/admin",
                                "*",
                                "?x=/public/"}) {
        CAPTURE(written);
        CHECK(read_path(written).ambiguous);
    }
    CHECK(read_path("/" + std::string(9000, 'a')).ambiguous);
}

TEST_CASE("an encoded fragment sign is a letter of the path") {
    const auto path = read_path("/admin%23/public/");
    CHECK_FALSE(path.ambiguous);
    CHECK(path.folded == "/admin#/public/");
}
