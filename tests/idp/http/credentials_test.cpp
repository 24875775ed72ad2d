#include "idp/http/basic_credentials.hpp"
#include "idp/http/bearer_token.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kommpass::idp::http;

TEST_CASE("client id and secret come out of Basic credentials form-decoded") {
    const auto plain = parse_basic_credentials("Basic ZG1zLXdlYjpnZWhlaW0=");  // dms-web:geheim
    REQUIRE(plain);
    CHECK(plain->id == "dms-web");
    CHECK(plain->secret.reveal() == "geheim");

    // a%3Ab:p%2Bq+r%3A, the scheme in another case
    const auto encoded = parse_basic_credentials("bAsIc YSUzQWI6cCUyQnErciUzQQ==");
    REQUIRE(encoded);
    CHECK(encoded->id == "a:b");
    CHECK(encoded->secret.reveal() == "p+q r:");

    // x:a:b, the first colon separates
    CHECK(parse_basic_credentials("Basic eDphOmI=")->secret.reveal() == "a:b");
    CHECK(parse_basic_credentials("Basic eDo=")->secret.empty());
}

TEST_CASE("Basic credentials that are not exactly right are none") {
    for (const auto* bad : {
             "", "Basic", "Basic ", "Bearer ZG1zOng=", "BasicZG1zOng=",
             "Basic ZG1zOng",       // without its padding
             "Basic ZG1zOng==",     // with too much
             "Basic ZG1zOnh=",      // spare bits that are not zero
             "Basic ZG1z Ong=",     // white space within
             "Basic ZG1z\tOng=",    //
             "Basic ZG1zOng=, x",   //
             "Basic -_-_",          // the other alphabet
             "Basic ====",          //
             "Basic bm9jb2xvbg==",  // no colon
             "Basic OnNlY3JldA==",  // empty id
             "Basic YSUyOmI=",      // a%2:b
             "Basic YTolMDA=",      // a:%00
             "Basic /zr/",          // bytes that are not UTF-8
         }) {
        CAPTURE(bad);
        CHECK_FALSE(parse_basic_credentials(bad));
    }
    CHECK_FALSE(parse_basic_credentials("Basic " + std::string(4100, 'Q')));
}

TEST_CASE("a bearer token is read with its scheme in any case") {
    CHECK(parse_bearer_token("Bearer abc.DEF-_~+/==") == "abc.DEF-_~+/==");
    CHECK(parse_bearer_token("bearer x") == "x");
    CHECK(parse_bearer_token("BEARER   x") == "x");
}

TEST_CASE("what is no b64token is no bearer token") {
    for (const auto* bad :
         {"", "Bearer", "Bearer ", "Bearerx", "Basic abc", "Bearer a b", "Bearer =", "Bearer a=b",
          "Bearer a,b", "Bearer \"a\"", "Bearer \xc3\xa4"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_bearer_token(bad));
    }
    CHECK_FALSE(parse_bearer_token("Bearer " + std::string(16 * 1024 + 1, 'a')));
    CHECK(parse_bearer_token("Bearer " + std::string(16 * 1024, 'a')));
}
