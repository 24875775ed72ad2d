// Who somebody is does not hang on what the store remembers.
#include "idp/sessions/person_ids.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/person_tie.hpp"

#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

const member_slug lebus("lebus");
const member_slug cottbus("cottbus");

struct scene {
    test_idp idp;

    std::string subject_of_anna() {
        idp.forget_cookies();
        return test_idp::payload(idp.tokens("groupware-web").text("id_token"))
            .at("sub")
            .as_string()
            .c_str();
    }
    person_id id_of(const member_slug& member, const std::string& entry) {
        person_id id;
        const auto done = idp.parts().memory.write_now([&](idp::store::transaction& t) {
            id = idp::sessions::person_of_entry(t, *idp.parts().keys.get(), member,
                                                directory_id(entry), idp.time.now())
                     .id;
        });
        REQUIRE(done.has_value());
        return id;
    }
    // What the store forgets when a backup from before the first sign-in is restored.
    void restore() {
        for (const auto* table : {"session_client", "session", "code", "token_family", "consent",
                                  "person_tie", "person"})
            idp.sql(std::string("DELETE FROM ") + table);
    }
};

}  // namespace

TEST_CASE("after a backup from before the first sign-in is restored, the subject is the same") {
    scene here;
    const auto before = here.subject_of_anna();
    here.restore();
    CHECK(here.subject_of_anna() == before);
}

TEST_CASE("a grant to somebody whom the restored store does not know yet holds at the sign-in") {
    scene here;
    const auto entry = here.idp.directories.of("lebus", "anna.noack").who.id;
    const auto id = here.id_of(lebus, entry.str());
    here.restore();
    here.idp.change_registry([&](policies::registry& r) {
        policies::grant given;
        given.id = "g-1";
        given.member = lebus;
        given.person = id;
        given.role = role_name("meso.auskunft");
        given.reason = "Vertretung";
        r.grants.emplace(given.id, given);
    });
    CHECK(here.idp.tokens("meso-web").status() == 200);
}

TEST_CASE("ids from before they were derived stay, and so do their subjects") {
    scene here;
    const auto entry = here.idp.directories.of("lebus", "anna.noack").who.id;
    REQUIRE(here.idp.parts().memory.write_now([&](idp::store::transaction& t) {
        (void)t.persons().ensure(lebus, entry, person_id("P-anna"), here.idp.time.now());
    }));
    CHECK(here.id_of(lebus, entry.str()) == person_id("P-anna"));
}

TEST_CASE("an entry of another member is nobody else's person, whatever id it shows") {
    scene here;
    const auto anna = here.id_of(lebus, "entry-1");
    CHECK(here.id_of(cottbus, "entry-1") != anna);
    CHECK(here.id_of(lebus, "entry-2") != anna);
    CHECK(here.id_of(lebus, "entry-1\n") != anna);
    CHECK(anna.str().size() == 26);
    CHECK(anna.str().find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ") == std::string::npos);
}

TEST_CASE("who was tied to another entry keeps the id; the old entry is somebody else then") {
    scene here;
    const auto anna = here.id_of(lebus, "old-entry");
    REQUIRE(here.idp.parts().memory.write_now([&](idp::store::transaction& t) {
        CHECK(t.persons().retie(anna, directory_id("new-entry")));
    }));
    CHECK(here.id_of(lebus, "new-entry") == anna);
    const auto other = here.id_of(lebus, "old-entry");
    CHECK(other != anna);
    CHECK(here.id_of(lebus, "old-entry") == other);
}
