#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/distinguished_name.hpp"
#include "config/vocabulary/name_folding.hpp"
#include "config/vocabulary/randomness.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace kommpass;

TEST_CASE(
    "base64url: the vectors of RFC 4648 without padding, and exactly one text for each byte "
    "string") {
    CHECK(base64url::encode("") == "");
    CHECK(base64url::encode("f") == "Zg");
    CHECK(base64url::encode("foobar") == "Zm9vYmFy");
    CHECK(base64url::encode("\xff\xef") == "_-8");
    CHECK(base64url::decode("Zm9vYmFy") == "foobar");
    for (const auto* wrong : {"Zg==", "Zh", "Z", "Zm9v+", "Zm 9v", "Zm9vYg="})
        CHECK_FALSE(base64url::decode(wrong).has_value());
}

TEST_CASE("random tokens have their length and do not repeat") {
    system_randomness random;
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) seen.insert(random.token(32));
    CHECK(seen.size() == 100);
    CHECK(seen.begin()->size() == 43);
}

TEST_CASE("names are found by base letters") {
    CHECK(folded_name("Chóśebuz") == "chosebuz");
    CHECK(folded_name("Zły Komorow") == "zly komorow");
    CHECK(folded_name("Angermünde") == "angermunde");
    CHECK(folded_name("GROSSBEEREN") == folded_name("Großbeeren"));
    CHECK(folded_name(folded_name("Hańża Šejcowa")) == folded_name("Hańża Šejcowa"));
    CHECK(folded_name("\xc3") == "\xc3");  // cut in the middle: kept as it is
    CHECK(folded_name("A\u0301\u00a0b") == "a b");
    CHECK(lower_case("ENTRYuuid Ä") == "entryuuid Ä");
}

TEST_CASE("DNs are compared parsed: case, space, escapes and the order in an RDN do not matter") {
    const auto same = [](const char* a, const char* b) {
        return distinguished_name::parse(a) == distinguished_name::parse(b);
    };
    CHECK(same("cn=Meldeamt,ou=Groups,dc=lebus,dc=example",
               "CN=meldeamt , OU=groups,DC=Lebus,DC=EXAMPLE"));
    CHECK(same("cn=M\\c3\\bcller,dc=x", "cn=MÜLLER,dc=x"));
    CHECK(same("cn=a\\,b,dc=x", "cn=a\\2cb,dc=x"));
    CHECK(same("cn=a  b,dc=x", "cn= a b ,dc=x"));
    CHECK(same("cn=a+uid=b,dc=x", "uid=b+cn=a,dc=x"));
    CHECK(same("cn=Straßenverkehrsbehörde,dc=x", "cn=STRASSENVERKEHRSBEHO\u0308RDE,dc=x"));
    CHECK(same("cn=alle\u00a0,ou=\u200bx,dc=x", "cn=alle,ou=x,dc=x"));
    CHECK(same("UID=a,2.5.4.11=x,domainComponent=y", "userid=a,organizationalUnitName=x,dc=y"));
    CHECK_FALSE(same("2.5.4.111=x,dc=y", "ou=x,dc=y"));
    CHECK_FALSE(same("cn=a\uff0cdc=y,dc=x", "cn=a,dc=y,dc=x"));  // a full-width comma is no comma
    CHECK_FALSE(same("cn=a\\,b,dc=x", "cn=a,b=,dc=x"));
    CHECK_FALSE(same("cn=a,dc=x", "cn=a,dc=y"));
}

TEST_CASE("DNs that RFC 4514 does not allow are refused") {
    for (const auto* wrong : {"cn", "=x", "cn=a,", ",cn=a", "cn=a;b=c", "cn=\\", "cn=\\zz",
                              "cn=\"a\"", "cn=a,,dc=x", "cn=#0", "cn=#zz"}) {
        CAPTURE(wrong);
        CHECK_FALSE(distinguished_name::parse(wrong).has_value());
    }
    CHECK_FALSE(distinguished_name::parse("cn=" + std::string(3000, 'x')).has_value());
    CHECK(distinguished_name::parse("")->normalised().empty());
}

TEST_CASE("place in the tree goes by RDNs, not by text") {
    const auto base = *distinguished_name::parse("ou=people,dc=lebus,dc=example");
    CHECK(distinguished_name::parse("uid=a,OU=People,dc=lebus,dc=example")->is_within(base));
    CHECK(base.is_within(base));
    CHECK_FALSE(
        distinguished_name::parse("uid=a,ou=notpeople,dc=lebus,dc=example")->is_within(base));
    CHECK_FALSE(distinguished_name::parse("dc=lebus,dc=example")->is_within(base));
    CHECK(distinguished_name::parse("cn=GG_\\2bMelde\\,amt,dc=x")->leaf_value() == "GG_+Melde,amt");
}
