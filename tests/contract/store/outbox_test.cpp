#include "idp/store/outbox.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/engines.hpp"
#include "tests/contract/store/examples.hpp"
#include "tests/contract/store/waiting.hpp"

#include <algorithm>
#include <stdexcept>

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using kommpass::idp::store::store;

namespace {

outbox_entry letter_to(const char* lane, const char* payload = "{}", instant put_at = noon) {
    outbox_entry one;
    one.topic = "access.ended";
    one.lane = lane;
    one.payload_json = payload;
    one.created_at = put_at;
    one.due_at = put_at;
    return one;
}

long long put(transaction& t, const outbox_entry& one) {
    return t.outbox().put(one.topic, one.lane, one.payload_json, one.created_at);
}

long long put(store& memory, const outbox_entry& one) {
    return written(memory, [&](transaction& t) { return put(t, one); });
}

std::vector<long long> due(store& memory, instant now, std::size_t limit = 100) {
    std::vector<long long> sequences;
    for (const auto& one :
         seen(memory, [&](transaction& t) { return t.outbox().due("access.ended", now, limit); }))
        sequences.push_back(one.sequence);
    return sequences;
}

std::optional<outbox_entry> found(store& memory, long long sequence) {
    return seen(memory, [=](transaction& t) { return t.outbox().find(sequence); });
}

using numbers = std::vector<long long>;

}  // namespace

TEST_CASE("an outbox entry comes back as it was put, under a sequence that grows") {
    on_every_engine([](store& memory) {
        const auto first = put(memory, letter_to("dms", R"({"sid":"ä"})"));
        const auto second = put(memory, letter_to("mail"));

        CHECK(first > 0);
        CHECK(second > first);
        auto expected = letter_to("dms", R"({"sid":"ä"})");
        expected.sequence = first;
        CHECK(found(memory, first) == expected);
        CHECK_FALSE(found(memory, second + 1));
    });
}

TEST_CASE("an outbox entry is kept with what it tells of, or neither is") {
    on_every_engine([](store& memory) {
        const auto failing = [](transaction& t) {
            t.sessions().put(session_number(1));
            put(t, letter_to("dms"));
            throw std::logic_error("a bug");
        };

        CHECK_THROWS_AS((void)memory.write_now(failing), std::logic_error);

        CHECK(due(memory, noon).empty());
        CHECK_FALSE(seen(memory, [](transaction& t) { return t.sessions().find("session-1"); }));
    });
}

TEST_CASE("an outbox entry is bounded: a larger payload, or one without a topic, is a bug") {
    on_every_engine([](store& memory) {
        auto large = letter_to("dms");
        large.payload_json.assign(outbox_entry::largest_payload, 'x');
        CHECK(put(memory, large) > 0);
        large.payload_json += 'x';
        auto nameless = letter_to("dms");
        nameless.topic.clear();

        for (const auto& wrong : {large, nameless}) {
            CHECK_THROWS_AS((void)memory.write_now([&](transaction& t) { put(t, wrong); }),
                            std::invalid_argument);
        }
    });
}

TEST_CASE("of each lane only the first living entry is handed out, and only when it is due") {
    on_every_engine([](store& memory) {
        const auto dms_1 = put(memory, letter_to("dms", "{}", noon + 1min));
        const auto mail_1 = put(memory, letter_to("mail"));
        const auto dms_2 = put(memory, letter_to("dms"));
        put(memory, letter_to("mail"));
        auto other = letter_to("dms");
        other.topic = "role.changed";
        put(memory, other);

        CHECK(due(memory, noon - 1ms).empty());
        CHECK(due(memory, noon) == numbers{mail_1});
        CHECK(due(memory, noon + 1min) == numbers{dms_1, mail_1});
        CHECK(due(memory, noon + 1min, 1) == numbers{dms_1});
        CHECK(written(memory, [=](transaction& t) { return t.outbox().delivered(dms_1); }));
        CHECK(due(memory, noon + 1min) == numbers{mail_1, dms_2});
    });
}

TEST_CASE("a lane without a name is a lane like others") {
    on_every_engine([](store& memory) {
        const auto nameless = put(memory, letter_to(""));
        put(memory, letter_to(""));
        const auto named = put(memory, letter_to("a"));

        CHECK(due(memory, noon) == numbers{nameless, named});
    });
}

TEST_CASE("a delivered entry is gone, once, and its sequence is not given again") {
    on_every_engine([](store& memory) {
        const auto first = put(memory, letter_to("dms"));
        const auto remove = [=](transaction& t) { return t.outbox().delivered(first); };

        CHECK(written(memory, remove));

        CHECK_FALSE(written(memory, remove));
        CHECK_FALSE(found(memory, first));
        CHECK(put(memory, letter_to("dms")) > first);
    });
}

TEST_CASE("a postponed entry counts its attempts and holds its lane until it is due") {
    on_every_engine([](store& memory) {
        const auto first = put(memory, letter_to("dms"));
        put(memory, letter_to("dms"));

        CHECK(written(memory, [=](transaction& t) {
            return t.outbox().postpone(first, noon + 10s, "status 500") &&
                   t.outbox().postpone(first, noon + 20s, "status 503");
        }));

        CHECK(due(memory, noon + 19s).empty());
        CHECK(due(memory, noon + 20s) == numbers{first});
        CHECK(found(memory, first)->attempts == 2);
        CHECK(found(memory, first)->last_error == "status 503");
        CHECK_FALSE(written(memory, [=](transaction& t) {
            return t.outbox().postpone(first + 100, noon, "nobody");
        }));
    });
}

TEST_CASE("a dead letter no longer holds its lane, and stays until it is dropped") {
    on_every_engine([](store& memory) {
        const auto first = put(memory, letter_to("dms"));
        const auto second = put(memory, letter_to("dms"));

        CHECK(written(memory,
                      [=](transaction& t) { return t.outbox().bury(first, "refused", noon); }));

        CHECK(due(memory, noon) == numbers{second});
        CHECK(written(memory, [](transaction& t) { return t.sweep(noon + 24h * 3650); }) == 0);
        const auto dead = found(memory, first);
        REQUIRE(dead);
        CHECK(dead->dead_at == noon);
        CHECK(dead->attempts == 1);
        CHECK(dead->last_error == "refused");
        const auto act_as_if_it_lived = [=](transaction& t) {
            return t.outbox().delivered(first) || t.outbox().postpone(first, noon, "") ||
                   t.outbox().bury(first, "again", noon + 1h);
        };
        CHECK_FALSE(written(memory, act_as_if_it_lived));
        CHECK(written(memory, [=](transaction& t) { return t.outbox().drop(first); }));
        CHECK_FALSE(found(memory, first));
        CHECK_FALSE(written(memory, [=](transaction& t) { return t.outbox().drop(second); }));
        CHECK(found(memory, second));
    });
}

TEST_CASE("a revived letter has all its attempts before it, at its old place") {
    on_every_engine([](store& memory) {
        const auto first = put(memory, letter_to("dms"));
        const auto second = put(memory, letter_to("dms"));
        const auto bury = [=](transaction& t) {
            t.outbox().postpone(first, noon + 1min, "slow");
            return t.outbox().bury(first, "refused", noon);
        };
        CHECK(written(memory, bury));
        const auto revive = [=](transaction& t) { return t.outbox().revive(first, noon + 1h); };

        CHECK(written(memory, revive));

        CHECK(due(memory, noon + 1h - 1ms).empty());
        CHECK(due(memory, noon + 1h) == numbers{first});
        CHECK(found(memory, first)->attempts == 0);
        CHECK_FALSE(written(memory, revive));
        CHECK(written(memory, [=](transaction& t) { return t.outbox().delivered(first); }));
        CHECK(due(memory, noon + 1h) == numbers{second});
    });
}

TEST_CASE("dead letters are listed page by page, and counted by topic beside what waits") {
    on_every_engine([](store& memory) {
        numbers all;
        for (int n = 0; n < 5; ++n) all.push_back(put(memory, letter_to("dms")));
        auto other = letter_to("lebus");
        other.topic = "role.changed";
        other.created_at = noon - 1h;
        put(memory, other);
        const auto bury_all = [&](transaction& t) {
            for (const auto one : all) t.outbox().bury(one, "refused", noon);
        };
        written(memory, bury_all);
        const auto page = [&](long long after) {
            numbers sequences;
            for (const auto& one :
                 seen(memory, [=](transaction& t) { return t.outbox().dead(after, 3); }))
                sequences.push_back(one.sequence);
            return sequences;
        };

        CHECK(page(0) == numbers(all.begin(), all.begin() + 3));
        CHECK(page(all[2]) == numbers(all.begin() + 3, all.end()));
        CHECK(page(all[4]).empty());
        CHECK(seen(memory, [](transaction& t) { return t.outbox().counts(); }) ==
              std::vector<outbox_count>{{"access.ended", 0, 5, {}},
                                        {"role.changed", 1, 0, noon - 1h}});
    });
}

TEST_CASE("an error is kept bounded and cut between characters") {
    on_every_engine([](store& memory) {
        const auto first = put(memory, letter_to("dms"));
        std::string error(outbox_entry::longest_error - 1, 'x');
        error += "äöü";

        written(memory, [&](transaction& t) { t.outbox().postpone(first, noon, error); });

        CHECK(found(memory, first)->last_error == error.substr(0, outbox_entry::longest_error - 1));
    });
}

TEST_CASE("a lane with very much in store costs the others nothing") {
    on_every_engine([](store& memory) {
        constexpr int many = 5'000;
        long long first = 0;
        written(memory, [&](transaction& t) {
            first = put(t, letter_to("dead-end"));
            for (int n = 1; n < many; ++n) put(t, letter_to("dead-end"));
            t.outbox().postpone(first, noon + 1h, "hangs");
        });
        const auto good = put(memory, letter_to("good"));

        const auto begun = std::chrono::steady_clock::now();
        for (int n = 0; n < 100; ++n) REQUIRE(due(memory, noon) == numbers{good});

        CHECK(std::chrono::steady_clock::now() - begun < 2s);
    });
}
