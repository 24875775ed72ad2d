// Clients of an application and its roles: registered, approved, with secrets that overlap.
#include "idp/http/method.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/idempotent_answers.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;

namespace {

struct office {
    test_idp idp;
    std::string central, operates;
    office() {
        idp.change_registry([](policies::registry& r) {
            add_administration(r);
            r.applications.at(application_key("groupware")).operated_by = member_slug("cottbus");
        });
        add_administrator(idp, "dikom", "central", {"zentraladmin"});
        add_administrator(idp, "cottbus", "operates", {"appbetrieb"});
        central = api_token(idp, "dikom", "central");
        operates = api_token(idp, "cottbus", "operates");
    }
    static std::string path(const std::string& client, const std::string& more = {}) {
        return "/applications/groupware/clients/" + client + more;
    }
    answer put(const std::string& token, const std::string& client, const std::string& members) {
        return api(idp, token, method::put, path(client),
                   R"({"why":"Probe","client":{)" + members + "}}");
    }
    const policies::client* client(const std::string& id) {
        snapshot = idp.parts().registry.get();
        return snapshot->find_client(id).registered;
    }
    policies::snapshot_ptr snapshot;
};

constexpr auto mobile = R"("redirect_uris":["https://mobil.example/cb"])";

}  // namespace

TEST_CASE("a client that its operator registers waits for the association") {
    office scene;
    REQUIRE(scene.put(scene.operates, "mobil", mobile).status() == 200);
    CHECK(scene.client("mobil") == nullptr);
    const auto approve = [&](const std::string& token) {
        const auto digest = shown_digest(scene.idp, token, "applications/groupware/clients/mobil");
        return api(scene.idp, token, method::post, office::path("mobil", "/approval"),
                   R"({"why":"geprüft","digest":")" + digest + "\"}");
    };
    CHECK(approve(scene.operates).status() == 403);
    CHECK(approve(scene.central).status() == 200);
    CHECK(scene.client("mobil") != nullptr);
    CHECK(approve(scene.central).text("code") == "approved_already");
}

TEST_CASE("an operator changes addresses and keys, and nothing that reaches further") {
    office scene;
    REQUIRE(scene.put(scene.central, "mobil", mobile).status() == 200);
    CHECK(scene.put(scene.operates, "mobil", R"("redirect_uris":["https://mobil.example/neu"])")
              .status() == 200);
    CHECK(scene.client("mobil")->redirect_uris.front() == "https://mobil.example/neu");
    for (const auto* more :
         {R"("scopes":["openid","fed:write"])", R"("audiences":["dms"])", R"("subject":"public")",
          R"("state":"requested")", R"("grant_types":["client_credentials"])",
          R"("foreign_mail":"unverified")"}) {
        CAPTURE(more);
        const auto got = scene.put(scene.operates, "mobil", std::string(mobile) + "," + more);
        if (std::string(more).find("state") != std::string::npos)
            CHECK(scene.client("mobil") != nullptr);  // approval is not a field of the form
        else
            CHECK(got.status() == 403);
    }
    // Another application is not his.
    const auto other = api(scene.idp, scene.operates, method::put, "/applications/dms/clients/neu",
                           R"({"why":"Probe","client":{"redirect_uris":["https://x.example/"]}})");
    CHECK(other.status() == 403);
    CHECK(scene.put(scene.central, "mobil", R"("redirect_uris":["http://offen.example/"])")
              .text("code") == "registry_invalid");
    CHECK(scene.put(scene.central, "mobil", R"("redirect_uri":["https://x.example/"])")
              .text("code") == "unknown_field");
}

TEST_CASE("where people are sent with their codes is a host that the association has seen") {
    office scene;
    REQUIRE(scene.put(scene.central, "mobil", mobile).status() == 200);
    for (const auto* elsewhere :
         {R"("redirect_uris":["https://boese.example/cb"])",
          R"("redirect_uris":["https://mobil.example/cb","https://boese.example/cb"])",
          R"("redirect_uris":["https://mobil.example.boese.example/cb"])",
          R"("redirect_uris":["https://mobil.example:8443/cb"])",
          R"("redirect_uris":["https://MOBIL.example/cb"])",
          R"("redirect_uris":["example.boese:/cb"])", R"("redirect_uris":["http://127.0.0.1/cb"])",
          R"("redirect_uris":["https://mobil.example/cb"],)"
          R"("post_logout_redirect_uris":["https://boese.example/"])",
          R"("redirect_uris":["https://mobil.example/cb"],)"
          R"("backchannel_logout_uri":"https://boese.example/")",
          R"("redirect_uris":["https://mobil.example/cb"],)"
          R"("frontchannel_logout_uri":"https://boese.example/")"}) {
        CAPTURE(std::string(elsewhere));
        const auto got = scene.put(scene.operates, "mobil", elsewhere);
        CHECK(got.status() == 403);
        CHECK(got.text("code") == "new_host_needs_association");
        CHECK(scene.client("mobil")->redirect_uris.front() == "https://mobil.example/cb");
    }
    const auto moved = R"("redirect_uris":["https://mobil.example/cb","https://neu.example/cb"],)"
                       R"("post_logout_redirect_uris":["https://neu.example/danach"])";
    REQUIRE(scene.put(scene.central, "mobil", moved).status() == 200);
    // At night, without anybody: to the host that was registered beforehand.
    CHECK(scene.put(scene.operates, "mobil", R"("redirect_uris":["https://neu.example/anders"])")
              .status() == 200);
    // What waits is the operator's own to write.
    CHECK(scene.put(scene.operates, "wartet", mobile).status() == 200);
    CHECK(scene.put(scene.operates, "wartet", R"("redirect_uris":["https://anders.example/"])")
              .status() == 200);
}

TEST_CASE("a secret is replaced with overlap: both are good until the old one is ended") {
    office scene;
    REQUIRE(scene.put(scene.central, "mobil", mobile).status() == 200);
    const auto make = [&] {
        return api(scene.idp, scene.operates, method::post, office::path("mobil", "/secret"),
                   R"({"why":"Probe"})");
    };
    const auto first = make().text("secret");
    const auto second = make().text("secret");
    const auto error_with = [&](const std::string& secret) {
        return scene.idp
            .call("/token", {{"grant_type", "authorization_code"},
                             {"client_id", "mobil"},
                             {"client_secret", secret},
                             {"code", "x"}})
            .error();
    };
    scene.idp.change_registry([](policies::registry& r) {
        for (auto& one : r.applications.at(application_key("groupware")).clients) {
            if (one.id.view() == "mobil")
                one.authentication = policies::client_authentication::client_secret_post;
        }
    });
    CHECK(error_with(first) != "invalid_client");
    CHECK(error_with(second) != "invalid_client");
    CHECK(error_with("geraten") == "invalid_client");
    const auto end = [&] {
        return api(scene.idp, scene.operates, method::delete_,
                   office::path("mobil", "/old-secret?why=umgestellt"));
    };
    CHECK(end().status() == 200);
    CHECK(error_with(first) == "invalid_client");
    CHECK(error_with(second) != "invalid_client");
    CHECK(end().text("code") == "has_one_secret");
    CHECK(scene.idp.audited("client.secret_changed"));
    // The operator sees what went wrong, and no person.
    const auto failures =
        api(scene.idp, scene.operates, method::get, office::path("mobil", "/failures"));
    REQUIRE(failures.status() == 200);
    CHECK(failures.shows("invalid_client"));
    CHECK_FALSE(failures.shows("person"));
}

TEST_CASE("a secret that was answered under an idempotency key is not kept in the open") {
    office scene;
    REQUIRE(scene.put(scene.central, "mobil", mobile).status() == 200);
    const auto make = [&] {
        return api(scene.idp, scene.central, method::post, office::path("mobil", "/secret"),
                   R"({"why":"Probe"})", {{"idempotency-key", "einmal"}});
    };
    const auto secret = make().text("secret");
    REQUIRE_FALSE(secret.empty());
    CHECK(make().text("secret") == secret);
    bool kept_open = true;
    const auto me = api(scene.idp, scene.central, method::get, "/me").text("id");
    REQUIRE(scene.idp.parts().memory.read_now([&](idp::store::transaction& t) {
        const auto kept = t.answers().find(me, "einmal");
        kept_open = !kept || kept->body.find(secret) != std::string::npos;
    }));
    CHECK_FALSE(kept_open);
}

TEST_CASE("the tokens that a client would get are shown, made by what makes them, and not good") {
    office scene;
    const auto anna = api(scene.idp, scene.central, method::post, "/persons",
                          R"({"member":"lebus","user_name":"anna.noack"})")
                          .text("id");
    const auto shown = api(scene.idp, scene.central, method::get,
                           office::path("groupware-web", "/claims?person=" + anna));
    REQUIRE(shown.status() == 200);
    CHECK(shown.text("verdict") == "granted");
    const auto tokens = scene.idp.tokens("groupware-web");
    const auto real = test_idp::payload(tokens.text("access_token"));
    const auto body = shown.json();
    const auto& previewed = body.at("access_token").as_object();
    for (const auto* claim : {"sub", "aud", "member", "roles", "client_id"})
        CHECK(previewed.at(claim) == real.at(claim));
    // Whom he may not see is nobody's preview.
    CHECK(api(scene.idp, scene.operates, method::get,
              office::path("groupware-web", "/claims?person=" + anna))
              .status() == 404);
}

TEST_CASE("a published role is an offer to those who booked, until something gives it") {
    office scene;
    add_administrator(scene.idp, "lebus", "local", {"mandantenadmin"});
    const auto local = api_token(scene.idp, "lebus", "local");
    const auto published =
        api(scene.idp, scene.central, method::put, "/applications/dms/roles/dms.wahl",
            R"({"why":"Katalog","role":{"title":"Wahl","description":"Für die Wahl 2027"}})");
    REQUIRE(published.status() == 200);
    const auto offers = [&] {
        return api(scene.idp, local, method::get, "/overview").shows("dms.wahl");
    };
    CHECK(offers());
    REQUIRE(api(scene.idp, local, method::put, "/mappings/lebus-wahl",
                R"({"why":"Wahl","mapping":{"id":"lebus-wahl","member":"lebus","group":"GG_Wahl",)"
                R"("roles":["dms.wahl"]}})")
                .status() == 200);
    CHECK_FALSE(offers());
    // What is given is not removed from under those who hold it.
    CHECK(api(scene.idp, scene.central, method::delete_,
              "/applications/dms/roles/dms.wahl?why=Irrtum")
              .text("code") == "registry_invalid");
}

TEST_CASE("an offer ends by itself") {
    office scene;
    add_administrator(scene.idp, "lebus", "local", {"mandantenadmin"});
    REQUIRE(api(scene.idp, scene.central, method::put, "/applications/dms/roles/dms.wahl",
                R"({"why":"Katalog","role":{"title":"Wahl"}})")
                .status() == 200);
    scene.idp.time.turn(std::chrono::days(61));
    const auto local = api_token(scene.idp, "lebus", "local");
    CHECK_FALSE(api(scene.idp, local, method::get, "/overview").shows("dms.wahl"));
}

TEST_CASE("keys are the association's to rotate") {
    office scene;
    CHECK(api(scene.idp, scene.operates, method::post, "/keys/rotation").status() == 404);
    CHECK(api(scene.idp, scene.operates, method::get, "/keys").status() == 404);
    CHECK(api(scene.idp, scene.central, method::get, "/keys").status() == 200);
}
