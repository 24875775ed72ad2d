// RFC 7009: what a client may revoke, and what happens to the rest.
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

answer revoke(test_idp& idp, const std::string& client, const std::string& token) {
    return idp.call_as(client, "/revoke", {{"token", token}, {"client_id", client}});
}

}  // namespace

TEST_CASE("another client's token is refused with 400, and goes on working") {
    test_idp idp;
    const auto tokens = idp.tokens("groupware-web");
    for (const auto* kind : {"access_token", "refresh_token"}) {
        CAPTURE(kind);
        for (const auto* other : {"groupware-post", "dms-web", "groupware-native"}) {
            const auto answer = revoke(idp, other, tokens.text(kind));
            CHECK(answer.status() == 400);
            CHECK(answer.error() == "invalid_request");
        }
    }
    CHECK_FALSE(idp.audited("token.revoked"));
    CHECK(idp.userinfo(tokens.text("access_token")).status() == 200);
    CHECK(idp.refresh("groupware-web", tokens.text("refresh_token")).status() == 200);
}

TEST_CASE("what nobody was given, what is over and what is revoked already answers 200") {
    test_idp idp;
    const auto tokens = idp.tokens("groupware-web");
    const auto& refresh = tokens.text("refresh_token");
    CHECK(revoke(idp, "groupware-web", refresh).status() == 200);
    CHECK(revoke(idp, "groupware-web", refresh).status() == 200);
    CHECK(revoke(idp, "groupware-web", "unheard-of").status() == 200);
    const auto other = refresh.substr(0, refresh.rfind('.') + 1) + std::string(43, 'A');
    CHECK(revoke(idp, "groupware-post", other).status() == 200);
    idp.time.turn(std::chrono::minutes(11));
    CHECK(revoke(idp, "groupware-web", tokens.text("access_token")).status() == 200);
    CHECK(revoke(idp, "groupware-post", tokens.text("access_token")).status() == 200);
}

TEST_CASE("an earlier refresh token of the family revokes it, and ID tokens revoke nothing") {
    test_idp idp;
    const auto first = idp.tokens("groupware-web");
    auto last = idp.refresh("groupware-web", first.text("refresh_token"));
    last = idp.refresh("groupware-web", last.text("refresh_token"));
    CHECK(revoke(idp, "groupware-web", first.text("id_token")).status() == 200);
    CHECK(idp.userinfo(last.text("access_token")).status() == 200);

    CHECK(revoke(idp, "groupware-web", first.text("refresh_token")).status() == 200);
    CHECK(idp.userinfo(last.text("access_token")).status() == 401);
    CHECK(idp.refresh("groupware-web", last.text("refresh_token")).error() == "invalid_grant");
}
