#include "idp/store/pushed_requests.hpp"
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

pushed_request request_number(int n) {
    pushed_request one;
    one.reference_hash = std::string(31, 'r') + static_cast<char>('0' + n);
    one.client = client_id("dms-web");
    one.parameters = "client_id=dms-web&state=%C3%A4";
    one.expires_at = noon + 90s;
    one.kept_until = noon + 1h;
    return one;
}

std::optional<pushed_request> found(store& memory, const pushed_request& one, instant now) {
    return seen(memory,
                [&](transaction& t) { return t.pushed_requests().find(one.reference_hash, now); });
}

bool use_up(store& memory, const pushed_request& one, instant now) {
    return written(memory, [&](transaction& t) {
        return t.pushed_requests().use_up(one.reference_hash, now);
    });
}

}  // namespace

TEST_CASE("a pushed request comes back as it was put, as often as it is asked for") {
    on_every_engine([](store& memory) {
        const auto one = request_number(1);
        written(memory, [&](transaction& t) {
            t.pushed_requests().put(request_number(2));
            t.pushed_requests().put(one);
        });

        CHECK(found(memory, one, noon) == one);
        CHECK(found(memory, one, noon + 59min) == one);
        CHECK_FALSE(found(memory, request_number(3), noon));
    });
}

TEST_CASE("a pushed request is used up once, and known as used from then on") {
    on_every_engine([](store& memory) {
        const auto one = request_number(1);
        written(memory, [&](transaction& t) { t.pushed_requests().put(one); });

        CHECK(use_up(memory, one, noon));
        CHECK_FALSE(use_up(memory, one, noon));
        auto used = one;
        used.used = true;
        CHECK(found(memory, one, noon) == used);
        CHECK_FALSE(use_up(memory, request_number(2), noon));
    });
}

TEST_CASE("a pushed request that is no longer kept cannot be used") {
    on_every_engine([](store& memory) {
        const auto one = request_number(1);
        written(memory, [&](transaction& t) { t.pushed_requests().put(one); });

        CHECK_FALSE(found(memory, one, one.kept_until));
        CHECK_FALSE(use_up(memory, one, one.kept_until));
        CHECK(found(memory, one, one.kept_until - 1ms));
    });
}

TEST_CASE("a use that is rolled back uses nothing up") {
    on_every_engine([](store& memory) {
        const auto one = request_number(1);
        written(memory, [&](transaction& t) { t.pushed_requests().put(one); });

        CHECK_THROWS_AS((void)memory.write_now([&](transaction& t) {
            t.pushed_requests().use_up(one.reference_hash, noon);
            throw std::logic_error("a bug");
        }),
                        std::logic_error);

        CHECK(use_up(memory, one, noon));
    });
}

TEST_CASE("a sweep takes the requests that are no longer kept") {
    on_every_engine([](store& memory) {
        auto old = request_number(1);
        old.kept_until = noon;
        written(memory, [&](transaction& t) {
            t.pushed_requests().put(old);
            t.pushed_requests().put(request_number(2));
        });

        const auto sweep = [](instant now) {
            return [now](transaction& t) { return t.sweep(now); };
        };
        CHECK(written(memory, sweep(noon)) == 0);
        CHECK(written(memory, sweep(noon + 1ms)) == 1);
        CHECK(found(memory, request_number(2), noon));
    });
}
