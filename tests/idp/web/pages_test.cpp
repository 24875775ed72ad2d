#include "idp/web/pages.hpp"
#include "idp/web/language.hpp"

#include "idp/web/device_page.hpp"
#include "idp/web/front_channel_page.hpp"

#include <doctest/doctest.h>

#include <array>
#include <functional>
#include <regex>
#include <set>

using namespace kommpass::idp::web;

namespace {

constexpr std::array languages{language::de, language::en, language::dsb};
constexpr auto hostile = "<script>alert(1)</script>\"'&";

frame frame_in(language lang) {
    frame around;
    around.lang = lang;
    around.request_id = "REF0001";
    around.help_contact = hostile;
    around.imprint_uri = "https://x.example/\"onclick=\"x";
    around.privacy_uri = "https://x.example/datenschutz";
    around.application_name = hostile;
    around.language_action = "/sign-in";
    around.language_fields = {{"transaction", hostile}};
    return around;
}

// Every page in every state, each with hostile values wherever values go.
std::vector<std::string> every_page(const frame& around) {
    std::vector<std::string> pages;
    for (int problem = 0; problem <= static_cast<int>(sign_in_problem::member_unknown); ++problem) {
        for (const bool known : {false, true}) {
            sign_in_page page;
            page.action = "/sign-in";
            page.transaction = hostile;
            page.user_name = hostile;
            page.member_slug = known ? "lebus" : "";
            page.member_name = hostile;
            page.problem = static_cast<sign_in_problem>(problem);
            page.wait_seconds = 61;
            page.member_help = hostile;
            page.offer_cancel = true;
            pages.push_back(render(around, page));
        }
    }
    pages.push_back(render(
        around,
        member_list_page{
            "/sign-in", hostile, "", hostile, hostile, {{"lebus", hostile, hostile}}, true}));
    pages.push_back(render(around, member_list_page{"/sign-in", "t", "", "", "", {}}));
    pages.push_back(render(
        around, consent_page{"/sign-in",
                             "t",
                             "c",
                             hostile,
                             {"openid", "profile", "email", "phone", "address", "offline_access"},
                             true}));
    session_entry entry;
    entry.id = hostile;
    entry.browser = hostile;
    entry.applications = {hostile};
    pages.push_back(
        render(around, sessions_page{"/account", "c", hostile, hostile, true, {entry, entry}}));
    for (int what = 0; what <= static_cast<int>(password_page::message::unavailable); ++what) {
        pages.push_back(render(around, password_page{"/sign-in", "t", "c", hostile, hostile,
                                                     static_cast<password_page::message>(what), 3,
                                                     2U, hostile, true, true, true}));
    }
    pages.push_back(render(around, password_changed_page{}));
    pages.push_back(render(around, sign_out_page{"/sign-out", "c", "t", hostile, hostile}));
    pages.push_back(render(around, signed_out_page{hostile}));
    pages.push_back(render(
        around, front_channel_page{{{hostile, hostile}, {"DMS", hostile}}, hostile, hostile}));
    for (const auto what : {device_code_page::problem::none, device_code_page::problem::unknown,
                            device_code_page::problem::too_many})
        pages.push_back(render(around, device_code_page{hostile, what, hostile}));
    pages.push_back(render(around, device_question_page{"t",
                                                        "c",
                                                        hostile,
                                                        hostile,
                                                        hostile,
                                                        hostile,
                                                        {"openid", "profile", hostile},
                                                        hostile}));
    for (const auto allowed : {true, false})
        pages.push_back(render(around, device_done_page{allowed}));
    for (int reason = 0; reason <= static_cast<int>(error_page_reason::wrong_browser); ++reason) {
        error_page page{static_cast<error_page_reason>(reason), hostile, hostile, hostile};
        page.action = "/sign-in";
        page.transaction = hostile;
        pages.push_back(render(around, page));
    }
    return pages;
}

}  // namespace

TEST_CASE("no value from outside becomes markup, on no page and in no language") {
    for (const auto lang : languages) {
        for (const auto& html : every_page(frame_in(lang))) {
            CHECK(html.find("<script>") == std::string::npos);
            CHECK(html.find("\"onclick") == std::string::npos);
            CHECK(html.find("{{") == std::string::npos);
            CHECK(html.find("[[") == std::string::npos);
        }
    }
}

TEST_CASE(
    "every page has its language, one h1, the reference, a way past the header, and unique ids") {
    const std::regex id_attribute(" id=\"([^\"]*)\"");
    for (const auto lang : languages) {
        for (const auto& html : every_page(frame_in(lang))) {
            CHECK(html.find("<html lang=\"" + std::string(tag_of(lang)) + "\">") !=
                  std::string::npos);
            CHECK(html.find("<h1") != std::string::npos);
            CHECK(html.find("<h1") == html.rfind("<h1"));
            CHECK(html.find("REF0001") != std::string::npos);
            CHECK(html.find("href=\"#content\"") != std::string::npos);
            std::set<std::string> ids;
            for (std::sregex_iterator at(html.begin(), html.end(), id_attribute), end; at != end;
                 ++at) {
                CHECK(ids.insert((*at)[1]).second);
            }
        }
    }
}

TEST_CASE("pages carry no inline style, and no script but the one that its hash allows") {
    for (const auto& html : every_page(frame_in(language::de))) {
        CHECK(html.find("style=") == std::string::npos);
        CHECK(html.find("<style") == std::string::npos);
    }
    const auto posting =
        render(frame_in(language::de), form_post_page{"https://dms.example/", {{"code", hostile}}});
    CHECK(posting.find("<script>document.forms[0].submit()</script>") != std::string::npos);
    CHECK(posting.find("value=\"&lt;script&gt;") != std::string::npos);
    CHECK(form_post_script_hash().starts_with("sha256-"));
    CHECK(form_post_script_hash().size() == 51);
}

TEST_CASE("what is empty is left out") {
    frame around;
    around.request_id = "REF";
    const auto html = render(around, sign_in_page{});
    CHECK(html.find("Impressum") == std::string::npos);
    CHECK(html.find("Hilfe:") == std::string::npos);
    CHECK(html.find("name=\"csrf\"") == std::string::npos);
    CHECK(html.find("language:") == std::string::npos);
}

TEST_CASE("an unreachable directory is told plainly, with whom to call") {
    sign_in_page page;
    page.member_slug = "lebus";
    page.member_name = "Amt Lebus";
    page.problem = sign_in_problem::directory_unavailable;
    page.member_help = "Telefon 033604 445-0";
    const auto html = render(frame_in(language::de), page);
    CHECK(html.find("Ihr Kennwort wurde nicht geprüft") != std::string::npos);
    CHECK(html.find("Telefon 033604 445-0") != std::string::npos);
    CHECK(html.find("role=\"alert\"") != std::string::npos);
}

TEST_CASE("static files have their content's hash in their name") {
    std::set<std::string> types;
    for (const auto& file : static_files()) {
        CHECK(file.path.starts_with("/static/"));
        CHECK_FALSE(file.content->empty());
        types.insert(file.content_type);
    }
    CHECK(types.contains("text/css; charset=utf-8"));
    CHECK(types.contains("font/woff2"));
}
