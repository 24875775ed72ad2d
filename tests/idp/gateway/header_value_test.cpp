#include "idp/gateway/header_value.hpp"

#include "policies/gateway_entry.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using kommpass::idp::gateway::header_value;
using kommpass::policies::header_format;

namespace {

bool is_ascii(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

TEST_CASE("umlauts are percent-encoded, so that the header is plain ASCII and can be undone") {
    CHECK(header_value("Jörg Groß", header_format::percent) == "J%C3%B6rg Gro%C3%9F");
    CHECK(header_value("100 %", header_format::percent) == "100 %25");
    CHECK(header_value(" a ", header_format::percent) == "%20a%20");
}

TEST_CASE("an application may ask for encoded words, of no more than 75 characters each") {
    CHECK(header_value("Anna Noack", header_format::rfc2047) == "Anna Noack");
    CHECK(header_value("Jörg", header_format::rfc2047) == "=?UTF-8?B?SsO2cmc=?=");
    std::string name;
    for (int i = 0; i < 60; ++i) name += "ß";
    auto words = header_value(name, header_format::rfc2047);
    CHECK(is_ascii(words));
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        CHECK(end <= 75);
        words.erase(0, end + 1);
    }
    // What looks like an encoded word is written as one: nobody's name is decoded to another.
    CHECK(header_value("=?UTF-8?B?YWRtaW4=?=", header_format::rfc2047) ==
          "=?UTF-8?B?PT9VVEYtOD9CP1lXUnRhVzQ9Pz0=?=");
}

TEST_CASE("no format lets a value end its header") {
    const std::string attack = "Anna\r\nRemote-Groups: geso.fachadmin";
    for (const auto format :
         {header_format::percent, header_format::rfc2047, header_format::utf8}) {
        const auto value = header_value(attack, format);
        CHECK(value.find('\r') == std::string::npos);
        CHECK(value.find('\n') == std::string::npos);
    }
    CHECK(header_value("Jörg", header_format::utf8) == "Jörg");
}
