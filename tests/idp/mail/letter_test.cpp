#include "idp/mail/letter.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::idp::mail;

namespace {
constexpr auto sender = "kommpass@dikom.example";
const auto noon = from_unix_seconds(1'795'262'400);  // 21 November 2026, 12:00 UTC

std::string line_of(const std::string& text, const std::string& name) {
    const auto at = text.find(name + ": ");
    return at == std::string::npos
               ? std::string()
               : text.substr(at + name.size() + 2, text.find("\r\n", at) - at - name.size() - 2);
}
}  // namespace

TEST_CASE("a letter travels with the headers that servers and machines expect") {
    const auto text = encoded({"anna.noack@amt-lebus.example", "Probe", "Grüße\nzweite Zeile\n"},
                              sender, "01J", noon);
    CHECK(line_of(text, "Date") == "Sat, 21 Nov 2026 12:00:00 +0000");
    CHECK(line_of(text, "From") == "Kommpass <kommpass@dikom.example>");
    CHECK(line_of(text, "To") == "<anna.noack@amt-lebus.example>");
    CHECK(line_of(text, "Message-ID") == "<01J@dikom.example>");
    CHECK(line_of(text, "Auto-Submitted") == "auto-generated");
    CHECK(line_of(text, "Subject") == "=?UTF-8?B?UHJvYmU=?=");
    // "Grüße\r\nzweite Zeile\r\n"
    CHECK(
        text.ends_with("\r\n\r\nR3LDvMOfZQ0Kendl"
                       "aXRlIFplaWxlDQo=\r\n"));
}

TEST_CASE("no line is too long, and no encoded word breaks a character") {
    std::string umlauts;
    for (int i = 0; i < 100; ++i) umlauts += "ü";
    const auto text = encoded({"a@b", umlauts, std::string(1000, 'x')}, sender, "1", noon);
    std::size_t from = 0;
    while (from < text.size()) {
        const auto end = text.find("\r\n", from);
        REQUIRE(end != std::string::npos);
        CHECK(end - from <= 76);
        from = end + 2;
    }
    // 38 bytes are 19 whole ones.
    CHECK(text.find("=?UTF-8?B?" + std::string("w7zDvMO8")) != std::string::npos);
    CHECK(text.find("?=\r\n =?UTF-8?B?w7zDvMO8") != std::string::npos);
}

TEST_CASE("what is no single address is not written to") {
    for (const auto* good : {"a@b", "anna.noack@amt-lebus.example", "o'brien+x@b.example"})
        CHECK(is_address(good));
    for (const auto* bad : {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", "<a@b>",
                            "a@b,c@d", "Anna <a@b>", "größler@amt-lebus.example"})
        CHECK_FALSE(is_address(bad));
    CHECK_FALSE(is_address(std::string(250, 'a') + "@b.example"));
}
