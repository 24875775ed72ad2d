// Whether the API takes what its document describes, and nothing else.
#include "config/vocabulary/randomness.hpp"
#include "idp/api/addresses.hpp"
#include "idp/api/shapes.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <random>
#include <regex>
#include <set>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;
namespace shapes = idp::api::shapes;

namespace {

struct central {
    test_idp idp;
    std::string token;
    central() {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        add_administrator(idp, "dikom", "zentral", {"zentraladmin"});
        token = api_token(idp, "dikom", "zentral");
    }
    answer call(method how, const std::string& path, const std::string& body = {},
                const fields& headers = {}) {
        return api(idp, token, how, path, body, headers);
    }
};

// The document's pattern for bytes: a shape judges UTF-8, and a character beyond ASCII is none that
// a pattern names.
std::regex for_bytes(std::string_view pattern) {
    std::string text(pattern);
    for (auto at = text.find("\\u00"); at != std::string::npos; at = text.find("\\u00", at))
        text.replace(at, 4, "\\x");
    return std::regex(text, std::regex::ECMAScript);
}

std::string random_text(std::mt19937& dice) {
    static constexpr std::string_view pieces[] = {
        "a",    "z",    "0",  "9",  "-",         ".",       "/",     "*",        "\"",
        " ",    "~",    "_",  "A",  "\n",        "\x7f",    "ä",     "2026-",    "02-29",
        "2100", "2104", "12", "31", "mappings/", "grants/", "lebus", "dms.lesen"};
    std::string text;
    for (auto left = dice() % 7; left > 0; --left) text += pieces[dice() % std::size(pieces)];
    return text;
}

const std::vector<const idp::api::shape*>& with_a_pattern() {
    static const std::vector<const idp::api::shape*> all{
        &shapes::reason(),        &shapes::purpose(),  &shapes::remark(),
        &shapes::slug(),          &shapes::role(),     &shapes::client(),
        &shapes::person(),        &shapes::document(), &shapes::id(),
        &shapes::digest(),        &shapes::day(),      &shapes::month(),
        &shapes::event(),         &shapes::if_match(), &shapes::idempotency_key(),
        &shapes::purpose_header()};
    return all;
}

}  // namespace

TEST_CASE("a shape judges as the pattern says that the document shows") {
    std::mt19937 dice(17);
    for (const auto* one : with_a_pattern()) {
        const auto pattern = for_bytes(one->pattern);
        CAPTURE(one->name);
        const auto check = [&](const std::string& text) {
            CAPTURE(text);
            const auto length = static_cast<long long>(text.size());
            if (length < one->least || length > one->most) return;
            CHECK(std::regex_search(text, pattern) == one->holds(text));
        };
        for (int i = 0; i < 4000; ++i) check(random_text(dice));
        check(std::string(one->example.as_string()));
    }
    // Every day that there is and a few that are none.
    const auto pattern = for_bytes(shapes::day().pattern);
    for (int year = 1999; year <= 9999; year = year == 2410 ? 9590 : year + 1) {
        for (int month = 0; month <= 13; ++month) {
            for (int of_month = 0; of_month <= 32; ++of_month) {
                char text[40];
                std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, of_month);
                if (std::regex_search(text, pattern) != parse_day(text).has_value()) FAIL(text);
            }
        }
    }
}

TEST_CASE("every name in the document's components means one thing") {
    central scene;
    const auto document = scene.idp.call_get("/api/v1/openapi.json", {}).json();
    const auto& schemas = document.at("components").at("schemas").as_object();
    for (const auto* one : with_a_pattern()) {
        if (one->name.empty()) continue;
        CAPTURE(one->name);
        REQUIRE(schemas.contains(one->name));
        CHECK(schemas.at(one->name) == boost::json::value(idp::api::whole_schema_of(*one)));
    }
}

TEST_CASE("every example of the document is one that the service takes") {
    for (const auto& one : idp::api::endpoints()) {
        for (const auto& of : one.parameters) {
            CAPTURE(one.id);
            CAPTURE(of.name);
            const auto& type = of.type();
            const auto no = idp::api::fault_of(type, idp::api::example_of(type), of.name);
            CHECK_MESSAGE(!no, (no ? no->field + " " + no->code : std::string()));
        }
    }
}

TEST_CASE("what is not described is refused before anything is done, as 400 and by its name") {
    central scene;
    const auto code = [&](const std::string& path) {
        const auto got = scene.call(method::get, path);
        CHECK(got.status() == 400);
        CHECK(got.raw->content_type == "application/problem+json");
        return got.text("field") + " " + got.text("code");
    };
    for (const auto* before : {"AAA", "null", "0.98", "-1", "0", "007", "", "1e3"})
        CHECK(code("/revisions?before=" + std::string(before)) == "before must_be_count");
    CHECK(code("/revisions?bevor=3") == "bevor unknown_field");
    CHECK(code("/usage?month=2026-13") == "month must_be_month");
    CHECK(code("/usage") == "month missing");
    CHECK(code("/audit?purpose=Vorgang&until=2026-02-29") == "until must_be_day");
    CHECK(code("/audit?purpose=%20%20%20%20%20%20") == "purpose purpose_missing");
    CHECK(code("/mappings?member=Lebus!") == "member must_be_slug");
    CHECK(code("/mappings?member=") == "member must_be_slug");
    CHECK(scene.call(method::get, "/mappings?member=%00").text("code") == "malformed_query");
    CHECK(scene.call(method::get, "/mappings?member=a&member=b").text("code") == "malformed_query");

    const auto put = [&](const std::string& body, const fields& headers = {}) {
        const auto got = scene.call(method::put, "/mappings/neu", body, headers);
        CHECK(got.status() == 400);
        return got.text("field") + " " + got.text("code");
    };
    const std::string document =
        R"("mapping":{"member":"lebus","group":"GG_Neu","roles":["dms.lesen"]})";
    const auto whole = R"({"why":"neu",)" + document + "}";
    CHECK(put(R"({"why":"",)" + document + "}") == "why missing");
    CHECK(put(R"({"why":"  ",)" + document + "}") == "why missing");
    CHECK(put(R"({"why":null,)" + document + "}") == "why must_be_text");
    CHECK(put(R"({"why":")" + std::string(501, 'x') + R"(",)" + document + "}") == "why too_long");
    CHECK(put(R"({"why":"x","mapping":{"roles":["x"]}})") == "mapping.roles must_be_role");
    CHECK(put(R"({"why":"x","mapping":{"until":""}})") == "mapping.until must_be_day");
    CHECK(put(R"({"why":"x","mapping":{"state":"aktiv"}})") == "mapping.state unknown_word");
    for (const auto* revision : {"", "7", "\"\"", "\"x\"", "W/\"7\"", "\"07\""})
        CHECK(put(whole, {{"if-match", revision}}) == "if-match must_be_revision");
    CHECK(put(whole, {{"if-match", "*"}, {"if-match", "*"}}) == "if-match repeated");
    CHECK(put(whole, {{"idempotency-key", ""}}) == "idempotency-key key_length");
    CHECK(put(whole, {{"kommpass-purpose", "x"}}) == "kommpass-purpose repeated");
    CHECK(scene.call(method::get, "/mappings/neu").status() == 404);
    // Five hundred characters, whatever bytes they are.
    std::string umlauts;
    for (int i = 0; i < 500; ++i) umlauts += "ü";
    CHECK(
        scene.call(method::put, "/mappings/neu", R"({"why":")" + umlauts + R"(",)" + document + "}")
            .status() == 200);
}

TEST_CASE("a wrong method is refused with those that the address has, and HEAD is as GET") {
    central scene;
    const auto allowed = [&](method how, const std::string& path) {
        const auto got = scene.call(how, path);
        CHECK(got.status() == 405);
        CHECK(got.raw->content_type == "application/problem+json");
        return got.header("Allow");
    };
    CHECK(allowed(method::patch, "/mappings/neu") == "GET, HEAD, PUT, DELETE");
    CHECK(allowed(method::options, "/mappings/neu/approval") == "POST, DELETE");
    CHECK(allowed(method::put, "/overview") == "GET, HEAD");
    CHECK(allowed(method::delete_, "/openapi.json") == "GET, HEAD");
    CHECK(scene.call(method::head, "/overview").status() == 200);
    CHECK(scene.call(method::head, "/openapi.json").status() == 200);
    CHECK(scene.call(method::put, "/nirgends").status() == 404);
    CHECK(scene.call(method::get, "/members/Kein-Slug").status() == 404);

    idp::http::request traced;
    traced.path = "/api/v1/mappings/neu";
    const auto refused = idp::api::refused_before(traced, 405);
    CHECK(refused.content_type == "application/problem+json");
    CHECK(refused.headers.back() ==
          std::pair<std::string, std::string>("Allow", "GET, HEAD, PUT, DELETE"));
    CHECK(idp::api::refused_before(traced, 431).status == 431);
    CHECK(idp::api::is_api_path("/api/v2"));
    CHECK_FALSE(idp::api::is_api_path("/apian"));
}

TEST_CASE("the document leads on: every link is to an operation that has its parameter") {
    central scene;
    const auto document = scene.idp.call_get("/api/v1/openapi.json", {}).json();
    std::size_t links = 0;
    std::set<std::string> answered;
    for (const auto& [path, methods] : document.at("paths").as_object()) {
        for (const auto& [how, operation] : methods.as_object()) {
            const auto& responses = operation.at("responses").as_object();
            CHECK(responses.contains("400"));
            CHECK(responses.contains("422"));
            for (const auto& [status, response] : responses) {
                const auto* found = response.as_object().if_contains("links");
                if (found == nullptr) continue;
                for (const auto& [name, link] : found->as_object()) {
                    ++links;
                    const auto& to = link.at("operationId").as_string();
                    const auto& all = idp::api::endpoints();
                    const auto target = std::find_if(all.begin(), all.end(), [&](const auto& one) {
                        return one.id == std::string_view(to);
                    });
                    REQUIRE(target != all.end());
                    for (const auto& parameter : link.at("parameters").as_object()) {
                        const std::string_view wanted = parameter.key();
                        CAPTURE(wanted);
                        CHECK(std::any_of(target->parameters.begin(), target->parameters.end(),
                                          [&](const auto& one) { return one.name == wanted; }));
                    }
                }
            }
        }
    }
    CHECK(links > 40);
    const auto& cancel =
        document.at("paths").at("/jobs/{id}").at("delete").at("responses").as_object();
    CHECK(cancel.contains("202"));
}
