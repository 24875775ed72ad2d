#include "idp/api/shapes.hpp"

#include "config/vocabulary/local_day.hpp"
#include "policies/grammar.hpp"
#include "policies/words.hpp"

#include <algorithm>
#include <limits>

namespace kommpass::idp::api::shapes {
namespace {

namespace grammar = policies::grammar;
namespace words = policies::words;
using kind = shape::kind;

// A pattern, and the function that judges as it says; a test compares the two.
constexpr std::string_view visible_pattern = R"(^[^\u0000]*[^\u0000-\u0020\u007f][^\u0000]*$)";
bool is_visible(std::string_view text) {
    const auto is_seen = [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; };
    return text.find('\0') == std::string_view::npos &&
           std::any_of(text.begin(), text.end(), is_seen);
}

constexpr std::string_view no_nul_pattern = R"(^[^\u0000]*$)";
bool has_no_nul(std::string_view text) { return text.find('\0') == std::string_view::npos; }

constexpr std::string_view slug_pattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";

constexpr std::string_view role_pattern =
    R"(^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$)";
bool is_role(std::string_view text) {
    const auto dot = std::min(text.find('.'), text.size());
    return grammar::is_slug(text.substr(0, dot)) && dot < text.size() &&
           grammar::is_slug(text.substr(dot + 1));
}

// "." and ".." are no segment of an address.
constexpr std::string_view client_pattern = R"(^(?!\.{1,2}$)[A-Za-z0-9_.~-]{1,128}$)";
bool is_client(std::string_view text) {
    return grammar::is_client_id(text) && text != "." && text != "..";
}

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}
constexpr std::string_view word_pattern = "^[A-Za-z0-9_-]+$";
bool is_one_word(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_word);
}

constexpr std::string_view document_pattern =
    "^(mappings|grants)/[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";
bool is_document(std::string_view text) {
    for (const std::string_view start : {"mappings/", "grants/"}) {
        if (text.starts_with(start)) return grammar::is_slug(text.substr(start.size()));
    }
    return false;
}

constexpr std::string_view day_pattern =
    "^([2-9][0-9]{3}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|"
    "(0[13578]|1[02])-31)|([2-9][0-9](0[48]|[2468][048]|[13579][26])|"
    "(2[048]|[468][048]|[3579][26])00)-02-29)$";
bool is_day(std::string_view text) { return parse_day(text).has_value(); }

constexpr std::string_view month_pattern = "^[2-9][0-9]{3}-(0[1-9]|1[0-2])$";
bool is_month(std::string_view text) {
    return text.size() == 7 && parse_day(std::string(text) + "-01").has_value();
}

constexpr std::string_view event_pattern = "^[a-z][a-z0-9_.-]*$";
bool is_event(std::string_view text) {
    const auto may = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    };
    return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
           std::all_of(text.begin(), text.end(), may);
}

constexpr std::string_view revision_pattern = R"x(^(\*|"(0|[1-9][0-9]{0,17})")$)x";
bool is_revision(std::string_view text) {
    if (text == "*") return true;
    if (text.size() < 3 || text.size() > 20 || text.front() != '"' || text.back() != '"')
        return false;
    const auto digits = text.substr(1, text.size() - 2);
    return (digits == "0" || digits.front() != '0') &&
           std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

constexpr std::string_view key_pattern = "^[!-~]+$";
bool is_key(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '!' && c <= '~'; });
}

constexpr std::string_view header_pattern = "^[!-~]([ -~]*[!-~])?$";
bool is_header_text(std::string_view text) {
    return !text.empty() && text.front() != ' ' && text.back() != ' ' &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

constexpr std::string_view attribute_pattern = "^[A-Za-z][A-Za-z0-9-]*$";

shape text(std::string_view name, long long least, long long most, std::string_view pattern,
           bool (*holds)(std::string_view), boost::json::value example) {
    shape made;
    made.name = name;
    made.least = least;
    made.most = most;
    made.pattern = pattern;
    made.holds = holds;
    made.example = std::move(example);
    return made;
}

shape coded(shape made, std::string_view wrong, std::string_view about = {}) {
    made.wrong = wrong;
    made.about = about;
    return made;
}

shape number_between(std::string_view name, long long least, long long most) {
    shape made;
    made.what = kind::number;
    made.name = name;
    made.least = least;
    made.most = most;
    return made;
}

shape list_of(const shape& items, long long least, long long most) {
    shape made;
    made.what = kind::list;
    made.least = least;
    made.most = most;
    made.items = std::make_shared<const shape>(items);
    return made;
}

template <class Enum, std::size_t Size>
shape one_of(std::string_view name, const words::table<Enum, Size>& known) {
    shape made;
    made.name = name;
    for (const auto& [word, unused] : known) made.words.push_back(word);
    return made;
}

shape one_of(std::string_view name, std::vector<std::string_view> known) {
    shape made;
    made.name = name;
    made.words = std::move(known);
    return made;
}

constexpr long long largest = std::numeric_limits<long long>::max();

}  // namespace

const shape& reason() {
    static const auto made =
        text("Reason", 1, 500, visible_pattern, is_visible, "Vertretung bis Jahresende");
    return made;
}
const shape& short_reason() {
    static const auto made =
        text("ShortReason", 1, 300, visible_pattern, is_visible, "Antrag vom 3. November");
    return made;
}
const shape& purpose() {
    static const auto made =
        coded(text("StatedPurpose", 5, 300, visible_pattern, is_visible, "Vorgang 17/2026"),
              "purpose_missing", "5 to 300 characters");
    return made;
}
const shape& remark() {
    static const auto made = text({}, 0, 500, no_nul_pattern, has_no_nul, "Vertretungsplan");
    return made;
}
const shape& title() {
    static const auto made = text("Title", 1, 200, visible_pattern, is_visible, "Halbjahr 2026/II");
    return made;
}
const shape& slug() {
    static const auto made = coded(text("Slug", 1, 63, slug_pattern, grammar::is_slug, "lebus"),
                                   "must_be_slug", "lower-case letters, digits and '-'");
    return made;
}
const shape& role() {
    static const auto made = coded(text("RoleName", 3, 127, role_pattern, is_role, "dms.lesen"),
                                   "must_be_role", "an application's key, '.', and a name");
    return made;
}
const shape& client() {
    static const auto made =
        coded(text("ClientId", 1, 128, client_pattern, is_client, "dms-web"), "must_be_client");
    return made;
}
const shape& person() {
    static const auto made =
        coded(text("PersonKey", 1, 64, word_pattern, is_one_word, "01KFA3Z9M4Q8R2T6V0X5Y7B1CD"),
              "must_be_person", "a person's id, as findPerson tells it");
    return made;
}
const shape& login_name() {
    static const auto made = text("LoginName", 1, 256, visible_pattern, is_visible, "anna.noack");
    return made;
}
const shape& document() {
    static const auto made =
        coded(text("RuleDocument", 8, 72, document_pattern, is_document, "mappings/lebus-meldeamt"),
              "must_be_document", "mappings/ or grants/ and an id");
    return made;
}
const shape& id() {
    static const auto made = coded(
        text("Id", 1, 64, word_pattern, is_one_word, "01kfa3z9m4q8r2t6v0x5y7b1cd"), "must_be_id");
    return made;
}
const shape& digest() {
    static const auto made = coded(text("Digest", 1, 64, word_pattern, is_one_word,
                                        "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"),
                                   "must_be_digest", "the digest of the document as it was shown");
    return made;
}
const shape& day() {
    static const auto made = [] {
        auto one = coded(text("Day", 10, 10, day_pattern, is_day, "2027-03-31"), "must_be_day",
                         "a day from 2000-01-01 to 9999-12-31");
        one.format = "date";
        return one;
    }();
    return made;
}
const shape& month() {
    static const auto made = coded(text("Month", 7, 7, month_pattern, is_month, "2026-10"),
                                   "must_be_month", "a month from 2000-01 to 9999-12");
    return made;
}
const shape& number() {
    static const auto made = [] {
        auto one = number_between("Number", 1, largest);
        one.example = 12;
        return one;
    }();
    return made;
}
const shape& position() {
    static const auto made = number_between("Position", 0, largest);
    return made;
}
const shape& event() {
    static const auto made = coded(text("AuditEvent", 1, 64, event_pattern, is_event, "sign_in"),
                                   "must_be_event", "the name of an event, or its beginning");
    return made;
}
const shape& language() {
    static const auto made = one_of("Language", {"de", "en"});
    return made;
}
const shape& review_answer() {
    static const auto made = one_of("ReviewAnswer", {"confirm", "end"});
    return made;
}
const shape& truth() {
    static const auto made = [] {
        shape one;
        one.what = kind::truth;
        return one;
    }();
    return made;
}
const shape& members() {
    static const auto made = list_of(slug(), 0, 500);
    return made;
}
const shape& clients() {
    static const auto made = list_of(client(), 0, 500);
    return made;
}
const shape& name() {
    static const auto made = text("Name", 1, 200, visible_pattern, is_visible, "Amt Lebus");
    return made;
}
const shape& other_name() {
    static const auto made = text("OtherName", 0, 200, no_nul_pattern, has_no_nul, "");
    return made;
}
const shape& domains() {
    static const auto made =
        list_of(text("Domain", 1, 253, visible_pattern, is_visible, "amt-lebus.example"), 0, 100);
    return made;
}
const shape& contact() {
    static const auto made =
        text("HelpContact", 0, 300, no_nul_pattern, has_no_nul, "Servicestelle, 0335 100200");
    return made;
}
const shape& vendor() {
    static const auto made = one_of("Vendor", words::vendors);
    return made;
}
const shape& transport() {
    static const auto made = one_of("Transport", words::transports);
    return made;
}
const shape& group_model() {
    static const auto made = one_of("GroupModel", words::group_models);
    return made;
}
const shape& servers() {
    static const auto made = coded(list_of(text("ServerAddress", 1, 300, visible_pattern,
                                                is_visible, "ldaps://dc1.lebus.example"),
                                           1, 5),
                                   "address_missing", "one to five addresses");
    return made;
}
const shape& certificate() {
    static const auto made = text("Certificate", 0, 16384, no_nul_pattern, has_no_nul, "");
    return made;
}
const shape& distinguished_name() {
    static const auto made = text("DistinguishedName", 0, 1024, no_nul_pattern, has_no_nul,
                                  "ou=people,dc=lebus,dc=example");
    return made;
}
const shape& bind_password() {
    static const auto made = [] {
        auto one = text("BindPassword", 0, 1024, no_nul_pattern, has_no_nul, "");
        return one;
    }();
    return made;
}
const shape& filter() {
    static const auto made =
        text("SearchFilter", 0, 1024, no_nul_pattern, has_no_nul, "(objectClass=inetOrgPerson)");
    return made;
}
const shape& attributes() {
    static const auto made =
        list_of(coded(text("Attribute", 1, 64, attribute_pattern, grammar::is_attribute, "uid"),
                      "must_be_attribute"),
                0, 20);
    return made;
}
const shape& lockout_threshold() {
    static const auto made =
        coded(number_between("LockoutThreshold", 0, 1000), "must_be_threshold");
    return made;
}
const shape& lockout_minutes() {
    static const auto made = coded(number_between("LockoutMinutes", 1, 1440), "must_be_window");
    return made;
}
const shape& if_match() {
    static const auto made = [] {
        auto one = coded(text("RevisionTag", 1, 20, revision_pattern, is_revision, "\"12\""),
                         "must_be_revision", "a revision in quotes as ETag tells it, or *");
        one.pattern_says_length = true;
        return one;
    }();
    return made;
}
const shape& idempotency_key() {
    static const auto made =
        coded(text("Key", 1, 128, key_pattern, is_key, "8e03978e-40d5-43dd-bc93-6894a57f9324"),
              "key_length", "1 to 128 visible ASCII characters");
    return made;
}

const shape& purpose_header() {
    static const auto made =
        coded(text("PurposeHeader", 5, 300, header_pattern, is_header_text, "Vorgang 17/2026"),
              "purpose_missing", "5 to 300 ASCII characters");
    return made;
}

}  // namespace kommpass::idp::api::shapes
