// What is particular to a vendor and can be judged without a server.
#include "directory/account_state.hpp"
#include "directory/active_directory_code.hpp"
#include "directory/ldap_answer.hpp"
#include "directory/login_name.hpp"
#include "directory/security_identifier.hpp"
#include "directory/sync_controls.hpp"
#include "directory/unicode_pwd.hpp"
#include "directory/value_range.hpp"
#include "directory/vendor_profile.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::directory;
using namespace std::chrono_literals;

namespace {

constexpr auto ad = directory_vendor::active_directory;
const instant now = from_unix_seconds(1'795'000'000);  // 2026-11-18

directory_settings ad_settings() {
    directory_settings settings;
    settings.vendor = ad;
    return settings;
}

ldap_entry entry_with(const std::string& attribute, const std::string& value) {
    ldap_entry entry;
    entry.attributes[attribute] = {value};
    return entry;
}

ldap_answer refusal(int code, const std::string& diagnostic) {
    ldap_answer answer;
    answer.code = code;
    answer.diagnostic = diagnostic;
    return answer;
}

}  // namespace

TEST_CASE("an objectGUID is written with its first three fields turned round, and found again") {
    const std::string bytes = "\xc5\x91\x3c\xce\x41\x48\xac\x4e\x9e\x0b\x95\x2e\xc2\xe6\xe5\x64";
    const auto id = id_from_value(id_syntax::guid, bytes);
    CHECK(id.view() == "ce3c91c5-4841-4eac-9e0b-952ec2e6e564");
    auto settings = with_vendor_defaults(ad_settings());
    CHECK(id_filter(settings, id) ==
          R"((objectGUID=\c5\91\3c\ce\41\48\ac\4e\9e\0b\95\2e\c2\e6\e5\64))");
    CHECK(id_from_value(id_syntax::guid, "short").empty());
    // An id of another product's directory is nobody's, and no filter of its own.
    CHECK(id_filter(settings, directory_id("*)(cn=*")) == "(!(objectClass=*))");
}

TEST_CASE("what the settings leave open, the vendor's profile fills in") {
    const auto settings = with_vendor_defaults(ad_settings());
    CHECK(settings.id_attribute == "objectGUID");
    CHECK(settings.login_attributes.front() == "sAMAccountName");
    CHECK(settings.groups == group_model::stepwise);
    auto own = ad_settings();
    own.login_attributes = {"employeeID"};
    CHECK(with_vendor_defaults(own).login_attributes == std::vector<std::string>{"employeeID"});
}

TEST_CASE("KOMMUNE\\name means the name, where KOMMUNE is this directory") {
    auto settings = ad_settings();
    settings.netbios_name = "KOMMUNE";
    const auto whole = [&](const char* typed) { return login_name::read(typed, settings).whole; };
    CHECK(whole("kommune\\anna.noack") == std::vector<std::string>{"anna.noack"});
    CHECK(whole("ANDERE\\anna.noack") == std::vector<std::string>{"ANDERE\\anna.noack"});
    settings.netbios_name.clear();
    CHECK(whole("KOMMUNE\\anna.noack") == std::vector<std::string>{"KOMMUNE\\anna.noack"});
}

TEST_CASE("an account is disabled, expired or active, as each vendor writes it") {
    const auto standing = [](const char* attribute, const char* value, directory_vendor vendor) {
        return state_of(entry_with(attribute, value), vendor, now).standing;
    };
    using enum account_standing;
    using enum directory_vendor;
    CHECK(standing("useraccountcontrol", "512", active_directory) == active);
    CHECK(standing("useraccountcontrol", "514", active_directory) == disabled);
    CHECK(standing("useraccountcontrol", "66050", active_directory) == disabled);
    CHECK(standing("accountexpires", "0", active_directory) == active);
    CHECK(standing("accountexpires", "9223372036854775807", active_directory) == active);
    CHECK(standing("accountexpires", "132223104000000000", active_directory) == expired);
    CHECK(standing("accountexpires", "157852224000000000", active_directory) == active);
    CHECK(standing("nsaccountlock", "TRUE", ds389) == disabled);
    CHECK(standing("nsaccountlock", "false", ds389) == active);
    // A lock for good is an administrator's; a lock that time undoes may be a guesser's work.
    CHECK(standing("pwdaccountlockedtime", "000001010000Z", openldap) == disabled);
    CHECK(standing("pwdaccountlockedtime", "20261121070000Z", openldap) == active);
    CHECK(standing("pwdendtime", "20200101000000Z", openldap) == expired);
    CHECK(standing("pwdendtime", "20990101000000Z", openldap) == active);
}

TEST_CASE("times of directories") {
    CHECK(parse_generalized_time("19700102000000Z") == instant(24h));
    CHECK(parse_generalized_time("20261121043806.0Z") == from_unix_seconds(1'795'235'886));
    for (const auto* wrong : {"", "20261121", "20261321000000Z", "20261121043806",
                              "2026112104380xZ", "20261121043806+0100"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_generalized_time(wrong));
    }
    CHECK_FALSE(parse_file_time("0"));
    CHECK_FALSE(parse_file_time("9223372036854775807"));
    CHECK_FALSE(parse_file_time("-5"));
    CHECK(parse_file_time("116444736010000000") == from_unix_seconds(1));
}

TEST_CASE("Active Directory's codes: what only a right password may reveal, and what not") {
    const auto judged = [](const std::string& code) {
        return *judge_bind(ad, refusal(LDAP_INVALID_CREDENTIALS,
                                       "80090308: LdapErr: DSID-0C0903A9, comment: "
                                       "AcceptSecurityContext error, data " +
                                           code + ", v1db1"));
    };
    for (const auto* hidden : {"525", "52e", "775"}) CHECK_FALSE(judged(hidden).password_was_right);
    CHECK(judged("775").error == sign_in_error::account_locked);
    CHECK(judged("525").error == sign_in_error::wrong_credentials);
    CHECK(judged("532").error == sign_in_error::password_expired);
    CHECK(judged("532").may_change);
    CHECK(judged("773").error == sign_in_error::password_must_change);
    CHECK(judged("533").error == sign_in_error::account_disabled);
    CHECK(judged("701").error == sign_in_error::account_expired);
    CHECK(judged("530").error == sign_in_error::outside_hours);
    for (const auto* told : {"530", "531", "532", "533", "701", "773"})
        CHECK(judged(told).password_was_right);
    CHECK_FALSE(active_directory_code("no code here"));
    CHECK_FALSE(active_directory_code("data xyz"));
    CHECK(judge_bind(ad, refusal(LDAP_INVALID_CREDENTIALS, ""))->error ==
          sign_in_error::wrong_credentials);
}

TEST_CASE("a grace sign-in, the last one too, and a reset ask for a new password") {
    ldap_answer answer;
    answer.policy.grace_left = 2;
    const auto grace = judge_bind(directory_vendor::openldap, answer);
    REQUIRE(grace);
    CHECK(grace->error == sign_in_error::password_expired);
    CHECK(grace->may_change);
    REQUIRE(grace->grace.has_value());
    CHECK(grace->grace->left == 2);
    answer.policy.grace_left = 0;
    answer.kept = "ein-name";
    const auto last = judge_bind(directory_vendor::openldap, answer);
    REQUIRE(last);
    CHECK(last->may_change);
    REQUIRE(last->grace.has_value());
    CHECK(last->grace->left == 0);
    CHECK(last->grace->connection == "ein-name");
    answer.policy.error = password_policy_error::change_after_reset;
    CHECK(judge_bind(directory_vendor::openldap, answer)->error ==
          sign_in_error::password_must_change);
}

TEST_CASE("why a new password was not taken") {
    using enum password_change_error;
    const auto change = [](int code, const char* words) {
        return judge_change(ad, refusal(code, words))->error;
    };
    CHECK(change(LDAP_CONSTRAINT_VIOLATION, "00000056: the old password does not match") ==
          wrong_credentials);
    CHECK(change(LDAP_CONSTRAINT_VIOLATION, "0000052D: the password is too short") == too_short);
    CHECK(change(LDAP_CONSTRAINT_VIOLATION, "0000052D: password is too young") == too_young);
    CHECK(change(LDAP_CONSTRAINT_VIOLATION, "0000052D: in the password history") == in_history);
    CHECK(change(LDAP_CONSTRAINT_VIOLATION, "0000052D: AtrErr: DSID-03190F00") == quality);
    CHECK(change(LDAP_INSUFFICIENT_ACCESS, "") == not_allowed);
    CHECK_FALSE(judge_change(ad, {}));
}

TEST_CASE("the primary group's SID is the person's with another last number") {
    std::string person("\x01\x05\x00\x00\x00\x00\x00\x05", 8);
    for (int i = 0; i < 5; ++i) person += std::string("\x15\x00\x00\x00", 4);
    const auto group = sid_of_primary_group(person, "513");
    REQUIRE(group.size() == person.size());
    CHECK(group.substr(group.size() - 4) == std::string("\x01\x02\x00\x00", 4));
    CHECK(sid_of_primary_group(person, "none").empty());
    CHECK(sid_of_primary_group("", "513").empty());
    CHECK(sid_of_primary_group(person.substr(1), "513").empty());
    CHECK(sid_reference(std::string("\x01\x05", 2)) == "<SID=0105>");
}

TEST_CASE("unicodePwd: quotes and UTF-16LE, beyond the first plane as well") {
    const auto value = unicode_pwd_value(secret_string(std::string_view("ä\xF0\x9F\x94\x91")));
    CHECK(value.reveal() == std::string_view("\"\0\xe4\0\x3d\xd8\x11\xdd\"\0", 10));
    CHECK(unicode_pwd_value(secret_string(std::string_view("\xff"))).empty());
}

TEST_CASE("ranges of values are joined until the last part") {
    ldap_entry entry;
    entry.attributes["memberof;range=0-1"] = {"a", "b"};
    const auto open = take_open_range(entry);
    REQUIRE(open);
    CHECK(open->attribute == "memberof");
    CHECK(open->next == 2);
    REQUIRE(add_range(entry, "memberof", entry_with("memberof;range=2-*", "c")));
    CHECK_FALSE(take_open_range(entry));
    CHECK(entry.all("memberOf") == std::vector<std::string>{"a", "b", "c"});
    CHECK_FALSE(add_range(entry, "memberof", ldap_entry{}));
    entry.attributes["x;range=broken"] = {"d"};
    CHECK_FALSE(take_open_range(entry));
}

TEST_CASE("controls of change feeds: what is made, and what is read of the servers'") {
    CHECK(sync_request_value("") == std::string("\x30\x03\x0a\x01\x03", 5));
    CHECK(sync_request_value("c") == std::string("\x30\x06\x0a\x01\x03\x04\x01"
                                                 "c",
                                                 8));
    CHECK(persistent_search_value() ==
          std::string("\x30\x09\x02\x01\x0f\x01\x01\xff\x01\x01\xff", 11));
    const std::string uuid = "\x1b\x4e\x28\xba\x2f\xa1\x11\xd2\x88\x3f\x01\x16\xd3\xcc\xa4\x27";
    CHECK(entry_uuid_in("\x30\x15\x0a\x01\x03\x04\x10" + uuid) ==
          "1b4e28ba-2fa1-11d2-883f-0116d3cca427");
    CHECK(entry_uuid_in("\x30\x05\x0a\x01\x03\x04\x00").empty());
    CHECK(entry_uuid_in("").empty());
    CHECK(read_sync_info(std::string("\xa2\x00", 2)).refresh_done);
    CHECK_FALSE(read_sync_info(std::string("\xa2\x03\x01\x01\x00", 5)).refresh_done);
    CHECK(read_sync_info(std::string("\xa1\x03\x04\x01"
                                     "c",
                                     5))
              .refresh_done);
    CHECK(read_sync_info(std::string("\xa3\x02\x31\x00", 4)).names_entries);
    CHECK_FALSE(read_sync_info("").refresh_done);
}
