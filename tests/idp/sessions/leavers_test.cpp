// What happens to the sessions and tokens of persons whose directory says that they have left.
#include "idp/sessions/leavers.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

// Tells the leavers of the service under test about a change, and lets them finish.
void tell(test_idp& idp, const directory::account_change& change) {
    boost::asio::io_context io;
    directory::federation shared(idp.time, directory::permitted_addresses::with_loopback());
    idp::sessions::leavers leavers(io, shared, idp.directories, idp.parts().memory,
                                   idp.parts().log);
    leavers.take(change);
    io.run();
}

const directory_id& id_of(test_idp& idp, const std::string& user) {
    return idp.directories.of("lebus", user).who.id;
}

}  // namespace

TEST_CASE("a disabled person loses every session and refresh token, others keep theirs") {
    test_idp idp;
    const auto annas = idp.tokens("groupware-web", {{"scope", "openid offline_access"}});
    REQUIRE(annas.status() == 200);
    idp.forget_cookies();
    idp.directories.add("lebus", "bert", "Kennwort-3").who.groups =
        idp.directories.of("lebus", "anna.noack").who.groups;
    const auto berts =
        idp.redeem("groupware-web", idp.sign_in("groupware-web", "bert", "Kennwort-3"));
    REQUIRE(berts.status() == 200);

    idp.directories.of("lebus", "anna.noack").disabled = true;
    tell(idp, {member_slug("lebus"), {id_of(idp, "anna.noack")}});

    idp.directories.of("lebus", "anna.noack").disabled = false;  // what has ended stays ended
    CHECK(idp.refresh("groupware-web", annas.text("refresh_token")).error() == "invalid_grant");
    CHECK(idp.refresh("groupware-web", berts.text("refresh_token")).status() == 200);
    bool recorded = false;
    for (const auto& line : idp.audit()) {
        if (line.record.result == "left_the_directory") recorded = true;
    }
    CHECK(recorded);
}

TEST_CASE("any may have changed: everybody who is signed in is asked about") {
    test_idp idp;
    const auto annas = idp.tokens("groupware-web");
    idp.directories.remove("lebus", "anna.noack");
    tell(idp, {member_slug("lebus"), {}});
    CHECK(idp.refresh("groupware-web", annas.text("refresh_token")).error() == "invalid_grant");
}

TEST_CASE("a change of somebody who is not signed in asks nothing") {
    test_idp idp;
    (void)idp.tokens("groupware-web");
    const auto asked = idp.directories.look_ups;
    tell(idp, {member_slug("lebus"), {directory_id("somebody-else")}});
    tell(idp, {member_slug("cottbus"), {}});
    CHECK(idp.directories.look_ups == asked);
}

TEST_CASE("a directory that cannot be asked ends nobody's session") {
    test_idp idp;
    const auto annas = idp.tokens("groupware-web");
    idp.directories.set_reachable("lebus", false);
    tell(idp, {member_slug("lebus"), {}});
    CHECK(idp.refresh("groupware-web", annas.text("refresh_token")).status() == 200);
}

TEST_CASE("a person that is tied to another entry keeps id, session and tokens") {
    test_idp idp;
    const auto before = idp.tokens("groupware-web");
    const auto subject = test_idp::payload(before.text("id_token")).at("sub");
    auto& anna = idp.directories.of("lebus", "anna.noack").who;
    const auto old_id = anna.id;
    anna.id = directory_id("entry-of-the-new-directory");
    const auto done = idp.parts().memory.write_now([&](idp::store::transaction& t) {
        const auto person = t.persons().find(member_slug("lebus"), old_id);
        REQUIRE(person.has_value());
        CHECK(t.persons().retie(person->id, anna.id));
        CHECK_FALSE(t.persons().find(member_slug("lebus"), old_id));
    });
    REQUIRE(done.has_value());
    tell(idp, {member_slug("lebus"), {}});
    CHECK(idp.refresh("groupware-web", before.text("refresh_token")).status() == 200);
    idp.forget_cookies();
    const auto after = idp.tokens("groupware-web");
    CHECK(test_idp::payload(after.text("id_token")).at("sub") == subject);
}
