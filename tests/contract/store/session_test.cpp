#include "idp/store/sessions.hpp"
#include "idp/store/transaction.hpp"
#include "tests/contract/store/engines.hpp"
#include "tests/contract/store/examples.hpp"
#include "tests/contract/store/waiting.hpp"

using namespace kommpass;
using namespace kommpass::idp::store;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using kommpass::idp::store::store;

TEST_CASE("a session comes back whole, by its secret and by its id") {
    on_every_engine([](store& memory) {
        const auto s = session_number(1);
        written(memory, [&](transaction& t) {
            t.sessions().put(session_number(2));
            t.sessions().put(s);
        });

        CHECK(seen(memory, [&](transaction& t) {
                  return t.sessions().find_by_secret(s.secret_hash);
              }) == s);
        CHECK(seen(memory, [&](transaction& t) { return t.sessions().find(s.id); }) == s);
    });
}

TEST_CASE("a secret finds its session only when all of its bytes agree") {
    on_every_engine([](store& memory) {
        auto s = session_number(1);
        written(memory, [&](transaction& t) { t.sessions().put(s); });
        s.secret_hash.back() = static_cast<char>(s.secret_hash.back() ^ 1);

        CHECK_FALSE(seen(
            memory, [&](transaction& t) { return t.sessions().find_by_secret(s.secret_hash); }));
        CHECK_FALSE(seen(memory, [&](transaction& t) { return t.sessions().find_by_secret(""); }));
    });
}

TEST_CASE("empty fields of a session come back empty") {
    on_every_engine([](store& memory) {
        session s;
        s.id = "bare";
        s.secret_hash = hash_of("bare");
        written(memory, [&](transaction& t) { t.sessions().put(s); });

        CHECK(seen(memory, [](transaction& t) { return t.sessions().find("bare"); }) == s);
    });
}

TEST_CASE("a second session with the same id is refused as a bug, and the first stays") {
    on_every_engine([](store& memory) {
        const auto s = session_number(1);
        written(memory, [&](transaction& t) { t.sessions().put(s); });
        auto twin = session_number(2);
        twin.id = s.id;

        CHECK_THROWS_AS((void)memory.write_now([&](transaction& t) { t.sessions().put(twin); }),
                        std::invalid_argument);

        CHECK(seen(memory, [&](transaction& t) { return t.sessions().find(s.id); }) == s);
    });
}

TEST_CASE("a use of the session moves the time of its last use only") {
    on_every_engine([](store& memory) {
        auto s = session_number(1);
        written(memory, [&](transaction& t) { t.sessions().put(s); });

        written(memory, [&](transaction& t) { t.sessions().touch(s.id, noon + 5min); });

        s.last_used_at = noon + 5min;
        CHECK(seen(memory, [&](transaction& t) { return t.sessions().find(s.id); }) == s);
    });
}

TEST_CASE("an update replaces everything but id and birth, and the old secret finds nothing") {
    on_every_engine([](store& memory) {
        const auto before = session_number(1);
        written(memory, [&](transaction& t) { t.sessions().put(before); });
        auto after = session_number(7);
        after.id = before.id;
        after.created_at = noon + 99h;

        written(memory, [&](transaction& t) { t.sessions().update(after); });

        after.created_at = before.created_at;
        CHECK(seen(memory, [&](transaction& t) {
                  return t.sessions().find_by_secret(after.secret_hash);
              }) == after);
        CHECK_FALSE(seen(memory, [&](transaction& t) {
            return t.sessions().find_by_secret(before.secret_hash);
        }));
        CHECK(seen(memory, [&](transaction& t) {
                  return t.sessions().of_person(before.person);
              }).empty());
    });
}

TEST_CASE("a person's sessions are listed, oldest first, and nobody else's") {
    on_every_engine([](store& memory) {
        auto phone = session_number(2);
        phone.person = session_number(1).person;
        written(memory, [&](transaction& t) {
            t.sessions().put(session_number(1));
            t.sessions().put(session_number(3));
            t.sessions().put(phone);
        });

        const auto listed =
            seen(memory, [&](transaction& t) { return t.sessions().of_person(phone.person); });

        CHECK(listed == std::vector{session_number(1), phone});
    });
}

TEST_CASE("an ended session is gone, with the clients it knew, and ends only once") {
    on_every_engine([](store& memory) {
        const auto s = session_number(1);
        written(memory, [&](transaction& t) {
            t.sessions().put(s);
            t.sessions().add_client(s.id, client_id("dms-web"));
        });

        CHECK(written(memory, [&](transaction& t) { return t.sessions().end(s.id); }));

        CHECK_FALSE(written(memory, [&](transaction& t) { return t.sessions().end(s.id); }));
        CHECK_FALSE(seen(
            memory, [&](transaction& t) { return t.sessions().find_by_secret(s.secret_hash); }));
        CHECK(seen(memory, [&](transaction& t) { return t.sessions().clients_of(s.id); }).empty());
    });
}

TEST_CASE("sign-out everywhere ends all sessions of the person and names them") {
    on_every_engine([](store& memory) {
        auto phone = session_number(2);
        phone.person = session_number(1).person;
        written(memory, [&](transaction& t) {
            for (const auto& s : {session_number(1), phone, session_number(3)}) t.sessions().put(s);
        });

        const auto ended =
            written(memory, [&](transaction& t) { return t.sessions().end_all_of(phone.person); });

        CHECK(ended == std::vector<std::string>{"session-1", "session-2"});
        CHECK(seen(memory, [&](transaction& t) {
                  return t.sessions().of_person(phone.person);
              }).empty());
        CHECK(seen(memory, [](transaction& t) { return t.sessions().find("session-3"); }));
    });
}

TEST_CASE("a session remembers each client once") {
    on_every_engine([](store& memory) {
        written(memory, [](transaction& t) {
            t.sessions().put(session_number(1));
            for (const auto* client : {"mail", "dms-web", "mail"})
                t.sessions().add_client("session-1", client_id(client));
        });

        CHECK(seen(memory, [](transaction& t) { return t.sessions().clients_of("session-1"); }) ==
              std::vector{client_id("dms-web"), client_id("mail")});
        CHECK(seen(memory, [](transaction& t) {
                  return t.sessions().clients_of("session-2");
              }).empty());
    });
}
