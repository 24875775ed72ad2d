// What is decided without a server.
#include "config/vocabulary/utf8.hpp"
#include "directory/home_realm.hpp"
#include "directory/person_entry.hpp"
#include "directory/search_filter.hpp"
#include "directory/vendor_profile.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::directory;

TEST_CASE("what is typed never changes a filter (RFC 4515)") {
    CHECK(escaped_filter_value("*)(uid=*") == "\\2a\\29\\28uid=\\2a");
    CHECK(escaped_filter_value(std::string("a\0b\\", 4)) == "a\\00b\\5c");
    CHECK(escaped_filter_value("Müller") == "Müller");
    CHECK(name_filter("(objectClass=inetOrgPerson)", {"uid", "mail"}, {"a*"}) ==
          "(&(objectClass=inetOrgPerson)(|(uid=a\\2a)(mail=a\\2a)))");
}

TEST_CASE("only sendable names are sent: UTF-8, bounded, without control characters") {
    CHECK(is_sendable_name("anna.noack@amt-lebus.example"));
    CHECK(is_sendable_name("Šołćina"));
    for (const auto& wrong : {std::string(), std::string("a\0b", 3), std::string("a\nb"),
                              std::string("\xc3"), std::string(257, 'a')}) {
        CHECK_FALSE(is_sendable_name(wrong));
    }
}

TEST_CASE("UTF-8 is strict: no overlong forms, no surrogates, nothing beyond U+10FFFF") {
    CHECK(is_utf8("Zły Komorow \xf0\x9f\x8f\x9b"));
    for (const auto* wrong : {"\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                              "\x80", "\xe2\x82", "\xff"}) {
        CHECK_FALSE(is_utf8(wrong));
    }
}

TEST_CASE("a typed name is split at its last @") {
    CHECK(split_user_name(" anna.noack@Amt-Lebus.Example ").domain == "amt-lebus.example");
    CHECK(split_user_name("anna.noack@amt-lebus.example").local == "anna.noack");
    CHECK(split_user_name("a@b@c").local == "a@b");
    CHECK(split_user_name("mueller").domain.empty());
    CHECK(split_user_name("LEBUS\\anna.noack").local == "anna.noack");
    CHECK(split_user_name("LEBUS\\anna.noack").domain == "lebus");
    CHECK(split_user_name("\\anna").domain.empty());
    for (const auto* typed :
         {"\tanna@amt-lübben.example\u00a0", "anna@XN--amt-lbben-u9a.example.",
          "\u200banna@amt-lu\u0308bben.example", "ａｎｎａ＠ａｍｔ－ｌübben．example"}) {
        CAPTURE(typed);
        CHECK(split_user_name(typed).local == "anna");
        CHECK(split_user_name(typed).domain == "xn--amt-lbben-u9a.example");
    }
}

TEST_CASE("an entry becomes an identity; without its immutable id it is the member's mistake") {
    auto settings = with_vendor_defaults({});
    settings.extra_attributes = {"departmentNumber"};
    ldap_entry entry;
    entry.dn = "uid=anna,dc=x";
    entry.attributes = {{"entryuuid", {"ABCDEF12-0000"}},
                        {"uid", {"anna"}},
                        {"cn", {"\xff broken", "Anna Noack"}},
                        {"departmentnumber", {"33", "\xff"}},
                        {"mail", {std::string(400, 'm')}}};
    const auto who = identity_of(entry, member_slug("lebus"), settings);
    REQUIRE(who.has_value());
    CHECK(who->id.view() == "abcdef12-0000");
    CHECK(who->display_name == "Anna Noack");
    CHECK(who->attributes.at("departmentnumber") == std::vector<std::string>{"33"});
    CHECK(who->mail.empty());
    entry.attributes.erase("entryuuid");
    CHECK(identity_of(entry, member_slug("lebus"), settings).error().find("entryUUID") !=
          std::string::npos);
}

TEST_CASE("only what is needed is asked for, and never a password") {
    auto settings = with_vendor_defaults({});
    settings.extra_attributes = {"UID", "departmentNumber"};
    settings.member_of = true;
    const auto names = attributes_of_person(settings);
    CHECK(std::count(names.begin(), names.end(), "uid") == 1);
    CHECK(std::count(names.begin(), names.end(), "UID") == 0);
    CHECK(std::count(names.begin(), names.end(), "memberOf") == 1);
    for (const auto& name : names) CHECK(name.find("assword") == std::string::npos);
}

TEST_CASE("a name in which nobody reads anything is none: the next best one counts") {
    directory_settings settings;
    settings.id_attribute = "entryUUID";
    settings.login_attributes = {"sAMAccountName"};
    ldap_entry entry{"uid=a,dc=x", {{"entryuuid", {"5f0e"}}, {"samaccountname", {"anna.noack"}}}};
    const auto name_of = [&] {
        return identity_of(entry, member_slug("lebus"), settings)->display_name;
    };
    CHECK(name_of() == "anna.noack");
    for (const auto* blank : {" ", "\t \n", "\xc2\xa0", "\xe2\x80\x8b", "\xe3\x80\x80 ", "\x01\x02",
                              "\xef\xbb\xbf", "\xc2\xad", "\xe2\x80\xae"}) {
        CAPTURE(std::string(blank));
        entry.attributes["displayname"] = {blank};
        CHECK(name_of() == "anna.noack");
        entry.attributes["displayname"] = {blank, "Anna Noack"};
        CHECK(name_of() == "Anna Noack");
    }
    entry.attributes["displayname"] = {" "};
    entry.attributes["cn"] = {"\xc2\xa0"};
    entry.attributes["givenname"] = {"Anna"};
    entry.attributes["sn"] = {"Noack"};
    CHECK(name_of() == "Anna Noack");
    entry.attributes["givenname"] = {"\xe2\x80\x8b"};
    CHECK(name_of() == "Noack");
    CHECK(identity_of(entry, member_slug("lebus"), settings)->given_name.empty());
    entry.attributes["cn"] = {"Noack, Anna"};
    CHECK(name_of() == "Noack, Anna");
}
