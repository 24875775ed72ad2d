#include "idp/store/device_requests.hpp"
#include "idp/store/opaque_tokens.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/engines.hpp"
#include "tests/contract/store/examples.hpp"
#include "tests/contract/store/waiting.hpp"

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using kommpass::idp::store::store;

namespace {

device_request example(const std::string& device, const std::string& user) {
    device_request one;
    one.device_code_hash = std::string(32, device.front());
    one.user_code_hash = std::string(32, user.front());
    one.client = client_id("groupware-native");
    one.scope = {"openid", "profile"};
    one.address = "192.0.2.7";
    one.asked_at = noon;
    one.expires_at = noon + 10min;
    one.polled_at = noon;
    return one;
}

}  // namespace

TEST_CASE("a device's request is found by both its codes, and decided once") {
    on_every_engine([](store& memory) {
        const auto asked = example("d", "u");
        written(memory, [&](transaction& t) { CHECK(t.devices().put(asked)); });
        CHECK(seen(memory, [&](transaction& t) {
                  return t.devices().find(asked.device_code_hash);
              }) == asked);
        const auto waiting = [&](transaction& t) {
            return t.devices().find_waiting(asked.user_code_hash, noon + 1min);
        };
        CHECK(seen(memory, waiting) == asked);
        CHECK_FALSE(seen(memory, [&](transaction& t) {
            return t.devices().find_waiting(asked.user_code_hash, noon + 10min);
        }));
        written(memory, [&](transaction& t) {
            CHECK(t.devices().decide(asked.device_code_hash, device_decision::denied));
            CHECK_FALSE(t.devices().decide(asked.device_code_hash, device_decision::allowed));
        });
        CHECK_FALSE(seen(memory, waiting));
        const auto after =
            seen(memory, [&](transaction& t) { return t.devices().find(asked.device_code_hash); });
        REQUIRE(after);
        CHECK(after->decision == device_decision::denied);
    });
}

TEST_CASE("two devices never wait under one user code") {
    on_every_engine([](store& memory) {
        written(memory, [&](transaction& t) {
            CHECK(t.devices().put(example("d", "u")));
            CHECK_FALSE(t.devices().put(example("e", "u")));
            CHECK_FALSE(t.devices().put(example("d", "v")));
        });
    });
}

TEST_CASE("how often a device may ask is kept with its request") {
    on_every_engine([](store& memory) {
        const auto asked = example("d", "u");
        written(memory, [&](transaction& t) {
            REQUIRE(t.devices().put(asked));
            t.devices().polled(asked.device_code_hash, noon + 3s, 10);
        });
        const auto after =
            seen(memory, [&](transaction& t) { return t.devices().find(asked.device_code_hash); });
        REQUIRE(after);
        CHECK(after->polled_at == noon + 3s);
        CHECK(after->interval_seconds == 10);
    });
}

TEST_CASE("an opaque token is found by its hash until it expires") {
    on_every_engine([](store& memory) {
        const opaque_token one{std::string(32, 'h'), R"({"sub":"ä"})", noon + 5min};
        written(memory, [&](transaction& t) { t.opaque_tokens().put(one); });
        CHECK(seen(memory,
                   [&](transaction& t) { return t.opaque_tokens().find(one.hash, noon); }) == one);
        CHECK_FALSE(seen(
            memory, [&](transaction& t) { return t.opaque_tokens().find(one.hash, noon + 5min); }));
        CHECK_FALSE(seen(memory, [&](transaction& t) {
            return t.opaque_tokens().find(std::string(32, 'x'), noon);
        }));
    });
}

TEST_CASE("devices and opaque tokens that are over are swept away") {
    on_every_engine([](store& memory) {
        written(memory, [&](transaction& t) {
            REQUIRE(t.devices().put(example("d", "u")));
            t.opaque_tokens().put({std::string(32, 'h'), "{}", noon + 5min});
            CHECK(t.sweep(noon + 1min) == 0);
            CHECK(t.sweep(noon + 11min) == 2);
            CHECK_FALSE(t.devices().find(std::string(32, 'd')));
        });
    });
}
