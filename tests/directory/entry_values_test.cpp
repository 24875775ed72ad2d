// An attribute has a set of values: all count, and in what order a server sends them means nothing.
#include "directory/account_state.hpp"
#include "directory/group_names.hpp"
#include "directory/person_entry.hpp"
#include "directory/vendor_profile.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::directory;

namespace {

using values = std::vector<std::string>;

directory_settings openldap() {
    directory_settings settings;
    settings.own_domains = {"lebus.example"};
    settings.extra_attributes = {"departmentNumber"};
    return with_vendor_defaults(settings);
}

ldap_entry anna() {
    ldap_entry entry;
    entry.dn = "uid=anna.noack,ou=people,dc=lebus,dc=example";
    entry.attributes = {{"entryuuid", {"1b4e28ba-2fa1-11d2-883f-0016d3cca427"}},
                        {"uid", {"anna.noack"}},
                        {"cn", {"Anna Noack"}}};
    return entry;
}

identity read(const ldap_entry& entry) {
    const auto who = identity_of(entry, member_slug("lebus"), openldap());
    if (!who) FAIL(who.error());
    return *who;
}

// The same whatever order the values come in.
identity read_in_any_order(ldap_entry entry) {
    const auto who = read(entry);
    for (auto& [name, all] : entry.attributes) std::reverse(all.begin(), all.end());
    CHECK(read(entry) == who);
    return who;
}

}  // namespace

TEST_CASE("of several names the one in the RDN is shown, else the least, in whatever order") {
    auto entry = anna();
    entry.attributes["uid"] = {"noack", "anna.noack", "a.noack"};
    entry.attributes["cn"] = {"Noack, Anna", "Anna Noack"};
    entry.attributes["givenname"] = {"Anna", "Änne"};
    const auto who = read_in_any_order(entry);
    CHECK(who.login_name == "anna.noack");
    CHECK(who.display_name == "Anna Noack");
    CHECK(who.given_name == "Anna");
    entry.dn = "cn=Noack\\, Anna+ou=x,dc=lebus,dc=example";
    CHECK(read_in_any_order(entry).display_name == "Noack, Anna");
}

TEST_CASE("of several mailboxes the one in the member's own domain says who somebody is") {
    auto entry = anna();
    entry.attributes["mail"] = {"anna@privat.example", "anna.noack@Lebus.Example"};
    const auto who = read_in_any_order(entry);
    CHECK(who.mail == "anna.noack@Lebus.Example");
    CHECK(who.ties.at("mail") == "anna.noack@Lebus.Example");
    entry.attributes["mail"] = {"b@privat.example", "a@privat.example"};
    CHECK(read_in_any_order(entry).mail == "a@privat.example");
}

TEST_CASE("an id with two values is nobody's id, and makes nobody gone") {
    auto settings = openldap();
    settings.id_attribute = "employeeNumber";
    auto entry = anna();
    entry.attributes["employeenumber"] = {"4711", "0815"};
    CHECK(id_of(entry, settings).empty());
    const auto who = identity_of(entry, member_slug("lebus"), settings);
    REQUIRE_FALSE(who.has_value());
    CHECK(who.error().find("several values of employeeNumber") != std::string::npos);
    const auto active = active_among({entry}, settings, instant{});
    CHECK(active.contains(directory_id("4711")));
    CHECK(active.contains(directory_id("0815")));
}

TEST_CASE("an account is shut by any value that shuts it") {
    const auto standing = [](directory_vendor vendor, const std::string& attribute, values all) {
        ldap_entry entry;
        entry.attributes[attribute] = all;
        const auto now = from_unix_seconds(1'795'235'886);
        const auto said = state_of(entry, vendor, now).standing;
        std::reverse(entry.attributes[attribute].begin(), entry.attributes[attribute].end());
        CHECK(state_of(entry, vendor, now).standing == said);
        return said;
    };
    CHECK(standing(directory_vendor::ds389, "nsaccountlock", {"false", "true"}) ==
          account_standing::disabled);
    CHECK(standing(directory_vendor::openldap, "pwdaccountlockedtime",
                   {"20261121070000Z", "000001010000Z"}) == account_standing::disabled);
    CHECK(standing(directory_vendor::openldap, "pwdendtime",
                   {"20990101000000Z", "20200101000000Z"}) == account_standing::expired);
}

TEST_CASE("a blank name is none: the next best is shown") {
    auto entry = anna();
    entry.attributes["displayname"] = {" ", "\u00a0"};
    CHECK(read(entry).display_name == "Anna Noack");
    entry.attributes["cn"] = {"\t"};
    CHECK(read(entry).display_name == "anna.noack");
    entry.attributes["mail"] = {" ", "anna.noack@lebus.example"};
    CHECK(read(entry).mail == "anna.noack@lebus.example");
}

TEST_CASE("long names are cut for display and never dropped; what is compared is never cut") {
    const std::string long_name = "Anna " + std::string(295, 'n');
    auto entry = anna();
    entry.attributes["displayname"] = {long_name};
    entry.attributes["sn"] = {long_name};
    entry.attributes["telephonenumber"] = {std::string(300, '7')};
    entry.attributes["departmentnumber"] = {long_name};
    entry.attributes["employeenumber"] = {long_name};
    const auto who = read(entry);
    CHECK(who.display_name.size() == 256);
    CHECK(who.display_name.starts_with("Anna nnn"));
    CHECK(who.display_name.ends_with("…"));
    CHECK(who.family_name == who.display_name);
    CHECK(who.phone.size() == 256);
    CHECK(who.attributes.at("departmentnumber") == values{long_name});
    CHECK(who.ties.at("employeenumber") == long_name);
    // A part of an address would be somebody else's.
    const std::string mail = std::string(64, 'a') + "@" + std::string(240, 'b') + ".example";
    entry.attributes["mail"] = {mail};
    CHECK(read(entry).mail == mail);
    entry.attributes["mail"] = {std::string(400, 'a') + "@lebus.example"};
    CHECK(read(entry).mail.empty());
}

TEST_CASE("a group is called by every cn and by its RDN, however it was found") {
    const auto dn = "cn=Meldeamt,ou=groups,dc=x";
    const auto from_member_of = groups_named({dn});
    REQUIRE(from_member_of.size() == 1);
    CHECK(from_member_of.front().name == "Meldeamt");
    CHECK(from_member_of.front().other_names.empty());
    for (const auto& order :
         {values{"Einwohnermeldeamt", "Meldeamt"}, values{"meldeamt ", "Einwohnermeldeamt"}}) {
        ldap_entry entry;
        entry.dn = dn;
        entry.attributes["cn"] = order;
        const auto found = groups_in({entry});
        REQUIRE(found.size() == 1);
        CHECK(found.front().name == "Meldeamt");
        CHECK(found.front().other_names == values{"Einwohnermeldeamt"});
    }
    ldap_entry numbered;
    numbered.dn = "gidNumber=77,ou=groups,dc=x";
    numbered.attributes["cn"] = {"b", "a"};
    const auto found = groups_in({numbered});
    CHECK(found.front().name == "a");
    CHECK(found.front().other_names == values{"77", "b"});
    CHECK(groups_named({"no name at all"}).empty());
}
