#include "idp/store/revisions.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/engines.hpp"
#include "tests/contract/store/examples.hpp"
#include "tests/contract/store/waiting.hpp"

#include <algorithm>

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using kommpass::idp::store::store;

namespace {

registry_revision revision_that(const std::string& why) {
    return {.number = 0,
            .at = noon,
            .who = "c.schulze",
            .why = why,
            .documents_json = "{\"why\":\"" + why + "\"}"};
}

auto append(long long expected, const std::string& why) {
    return [=](transaction& t) { return t.revisions().append(expected, revision_that(why)); };
}

}  // namespace

TEST_CASE("an empty store has no revision, and its latest number is 0") {
    on_every_engine([](store& memory) {
        CHECK_FALSE(seen(memory, [](transaction& t) { return t.revisions().latest(); }));
        CHECK(seen(memory, [](transaction& t) { return t.revisions().latest_number(); }) == 0);
        CHECK(seen(memory, [](transaction& t) { return t.revisions().history(9); }).empty());
    });
}

TEST_CASE("revisions are numbered from 1 without a gap and found by number") {
    on_every_engine([](store& memory) {
        CHECK(written(memory, append(0, "first")) == 1);
        CHECK(written(memory, append(1, "second")) == 2);

        auto second = revision_that("second");
        second.number = 2;
        CHECK(seen(memory, [](transaction& t) { return t.revisions().latest(); }) == second);
        CHECK(seen(memory, [](transaction& t) { return t.revisions().find(2); }) == second);
        CHECK(seen(memory, [](transaction& t) { return t.revisions().latest_number(); }) == 2);
        CHECK_FALSE(seen(memory, [](transaction& t) { return t.revisions().find(3); }));
    });
}

TEST_CASE("an append that expects an older state changes nothing") {
    on_every_engine([](store& memory) {
        written(memory, append(0, "first"));

        CHECK_FALSE(written(memory, append(0, "too late")));
        CHECK_FALSE(written(memory, append(5, "too early")));

        CHECK(seen(memory, [](transaction& t) { return t.revisions().latest_number(); }) == 1);
    });
}

TEST_CASE("the history goes from new to old and leaves the documents out") {
    on_every_engine([](store& memory) {
        for (int n = 0; n < 4; ++n) written(memory, append(n, "step " + std::to_string(n + 1)));

        const auto history = seen(memory, [](transaction& t) { return t.revisions().history(3); });

        REQUIRE(history.size() == 3);
        CHECK(history.front().number == 4);
        CHECK(history.front().why == "step 4");
        CHECK(history.back().number == 2);
        CHECK(history.front().documents_json.empty());
    });
}

// An engine may keep differences only: whatever was appended comes back, byte for byte.
TEST_CASE("many revisions of a long text come back as they were") {
    on_every_engine([](store& memory) {
        std::vector<std::string> texts;
        std::string text(2000, 'x');
        for (int n = 0; n < 150; ++n) {
            // Behind this byte, between two characters.
            const auto between = [&](std::size_t at) {
                while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U)
                    ++at;
                return std::min(at, text.size());
            };
            const auto at = between(static_cast<std::size_t>(n) * 37 % text.size());
            switch (n % 5) {
                case 0:
                    text.insert(at, "Größe");
                    break;
                case 1:
                    text.replace(at, between(at + 1) - at, "ß");
                    break;
                case 2:
                    text.erase(between(at / 2), between(between(at / 2) + 3) - between(at / 2));
                    break;
                case 3:
                    break;  // the same again
                default:
                    text = n == 99 ? "" : text + text.substr(0, between(5));
            }
            if (text.empty()) text = "neu begonnen, mit Ümläuten: " + std::to_string(n);
            texts.push_back(text);
            auto one = revision_that("step");
            one.documents_json = text;
            REQUIRE(written(memory, [=](transaction& t) { return t.revisions().append(n, one); }) ==
                    n + 1);
        }
        for (std::size_t n = 0; n < texts.size(); ++n) {
            CAPTURE(n);
            const auto found = seen(memory, [=](transaction& t) {
                return t.revisions().find(static_cast<long long>(n) + 1);
            });
            REQUIRE(found.has_value());
            CHECK(found->documents_json == texts[n]);
        }
    });
}
