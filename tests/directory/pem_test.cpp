#include "directory/pem.hpp"

#include <doctest/doctest.h>

using kommpass::directory::der_of_pem;

TEST_CASE("a PEM text gives its bytes, whatever the padding") {
    const auto pem = [](const char* base64) {
        return std::string("-----BEGIN CERTIFICATE-----\n") + base64 +
               "\n-----END CERTIFICATE-----\n";
    };
    CHECK(der_of_pem(pem("TWVsZGVhbXQ=")) == "Meldeamt");
    CHECK(der_of_pem(pem("TWVsZGU=")) == "Melde");
    CHECK(der_of_pem(pem("TWVsZA==")) == "Meld");
    CHECK(der_of_pem(pem("TWVs")) == "Mel");
    CHECK(der_of_pem(pem("TWVs\r\nZGVhbXQ=")) == "Meldeamt");
}

TEST_CASE("what is no PEM text gives nothing") {
    CHECK(der_of_pem("").empty());
    CHECK(der_of_pem("-----BEGIN CERTIFICATE-----\n").empty());
    CHECK(der_of_pem("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n").empty());
    CHECK(der_of_pem("-----BEGIN CERTIFICATE-----\nTWV\n-----END CERTIFICATE-----\n").empty());
    CHECK(der_of_pem("-----BEGIN CERTIFICATE-----\nT!Vs\n-----END CERTIFICATE-----\n").empty());
    CHECK(der_of_pem("-----END\n-----BEGIN").empty());
}
