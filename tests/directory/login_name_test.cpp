#include "directory/login_name.hpp"

#include "directory/vendor_profile.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace kommpass;
using namespace kommpass::directory;

namespace {

using names = std::vector<std::string>;

directory_settings lebus() {
    directory_settings settings;
    settings.netbios_name = "LEBUS";
    settings.own_domains = {"amt-lebus.example", "amt-lübben.example"};
    return with_vendor_defaults(settings);
}

login_name read(std::string_view typed) { return login_name::read(typed, lebus()); }

ldap_entry person(const std::string& uid, const std::string& mail = {}) {
    ldap_entry entry;
    entry.dn = "uid=" + uid + ",dc=x";
    entry.attributes["uid"] = {uid};
    if (!mail.empty()) entry.attributes["mail"] = {mail};
    return entry;
}

names meant(std::string_view typed, std::vector<ldap_entry> found) {
    names all;
    for (const auto& one : read(typed).meant(std::move(found), lebus())) all.push_back(one.dn);
    return all;
}

}  // namespace

TEST_CASE("all spellings of a name are counted as one") {
    for (const auto* typed :
         {"anna.noack", " anna.noack ", "\tanna.noack", "anna.noack\u00a0", "\u200banna.noack",
          "ANNA.Noack", "ａｎｎａ．ｎｏａｃｋ", "LEBUS\\anna.noack", "lebus\\ANNA.NOACK ",
          "anna.noack@amt-lebus.example", "Anna.Noack@AMT-LEBUS.example",
          "anna.noack@amt-lübben.example", "anna.noack@xn--amt-lbben-u9a.example",
          "anna.\u00adnoack", "anna.noack＠amt-lebus.example"}) {
        CAPTURE(typed);
        CHECK(read(typed).counted == "anna.noack");
    }
    CHECK(read("anna.noack@anderswo.example").counted != "anna.noack");
    CHECK(read("COTTBUS\\anna.noack").counted != "anna.noack");
    CHECK(read("anna noack").counted != "anna.noack");
}

TEST_CASE("a server is asked for what was typed, and for what it means where that differs") {
    CHECK(read("Anna.Noack").whole == names{"Anna.Noack"});
    CHECK(read(" anna").whole == names{" anna", "anna"});
    CHECK(read("\tanna").whole == names{"anna"});  // no control character is sent
    CHECK(read("mu\u0308ller").whole == names{"mu\u0308ller", "müller"});
    CHECK(read("LEBUS\\anna").whole == names{"anna"});
    CHECK(read("COTTBUS\\anna").whole == names{"COTTBUS\\anna"});
    CHECK(read("anna@amt-lebus.example").local == names{"anna"});
    CHECK(read("anna@anderswo.example").local.empty());
    CHECK(read("anna").local.empty());
    CHECK(read("COTTBUS\\anna@amt-lebus.example").local.empty());
    for (const auto& typed :
         {std::string(), std::string(" "), std::string("\u200b"), std::string("\xff\xfe"),
          std::string(300, 'a'), std::string("a\0b", 3), std::string("a\x7f")}) {
        CHECK(read(typed).whole.empty());
        CHECK(read(typed).local.empty());
    }
}

TEST_CASE("who has the whole name is meant; the part before the domain counts where nobody has") {
    const auto typed = "anna@amt-lebus.example";
    CHECK(meant(typed, {person("anna")}) == names{"uid=anna,dc=x"});
    CHECK(meant(typed, {person("anna"), person("a.noack", "Anna@Amt-Lebus.example")}) ==
          names{"uid=a.noack,dc=x"});
    CHECK(meant(typed, {person("a.noack", "anna@amt-lebus.example"), person("anna")}) ==
          names{"uid=a.noack,dc=x"});
    // One entry with both is one; two with the same are two.
    CHECK(meant(typed, {person("anna", "anna@amt-lebus.example")}) == names{"uid=anna,dc=x"});
    CHECK(meant(typed, {person("x", "anna@amt-lebus.example"),
                        person("y", "anna@amt-lebus.example"), person("anna")})
              .size() == 2);
    CHECK(meant(typed, {person("anna"), person("ANNA")}).size() == 2);
    // What only the server could match has the whole name, as ever.
    CHECK(meant(typed, {person("anna"), person("matched-by-collation")}) ==
          names{"uid=matched-by-collation,dc=x"});
    CHECK(meant("anna", {person("anna"), person("b", "anna")}).size() == 2);
}
