// Servers that go away, hang and come back, while others go on.
#include "tests/contract/directory/layouts.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using directory::sign_in_error;

TEST_CASE("a server that hangs costs its own people the deadline, and nobody else anything") {
    const auto& layout = every_layout().back();
    const auto lebus = make_server(layout, "lebus");
    const auto cottbus = make_server(layout, "cottbus");
    asked_directories asked({{member_slug("lebus"), settings_for(layout, *lebus, "lebus")},
                             {member_slug("cottbus"), settings_for(layout, *cottbus, "cottbus")}});
    REQUIRE(asked.sign_in("lebus", "mueller", "gleiches Kennwort").has_value());
    lebus->freeze();
    CHECK(asked.sign_in("lebus", "mueller", "gleiches Kennwort").error().error ==
          sign_in_error::directory_unavailable);
    CHECK(asked.sign_in("cottbus", "mueller", "gleiches Kennwort").has_value());
    lebus->thaw();
    while (!asked.sign_in("lebus", "mueller", "gleiches Kennwort")) {
    }
}

TEST_CASE("a server that is restarted is used again; connections that were cut are not") {
    const auto& layout = every_layout().front();
    const auto server = make_server(layout);
    asked_directories asked({{member_slug("lebus"), settings_for(layout, *server)}});
    REQUIRE(asked.sign_in("lebus", "anna.noack", "Spreewald-7").has_value());
    server->stop();
    CHECK(asked.sign_in("lebus", "anna.noack", "Spreewald-7").error().error ==
          sign_in_error::directory_unavailable);
    server->start();
    while (!asked.sign_in("lebus", "anna.noack", "Spreewald-7")) {
    }
}

TEST_CASE("the second of a member's servers takes over when the first is gone") {
    const auto& layout = every_layout().back();
    const auto first = make_server(layout);
    const auto second = make_server(layout);
    auto settings = settings_for(layout, *first);
    settings.urls.push_back(second->url());
    asked_directories asked({{member_slug("lebus"), settings}});
    REQUIRE(asked.sign_in("lebus", "mueller", "gleiches Kennwort").has_value());
    first->stop();
    CHECK(asked.sign_in("lebus", "mueller", "gleiches Kennwort").has_value());
}

TEST_CASE("a new revision that names another server is used at once") {
    const auto& layout = every_layout().back();
    const auto first = make_server(layout);
    const auto second = make_server(layout);
    asked_directories asked({{member_slug("lebus"), settings_for(layout, *first)}});
    REQUIRE(asked.sign_in("lebus", "mueller", "gleiches Kennwort").has_value());
    asked.take_members({{member_slug("lebus"), settings_for(layout, *second)}});
    first->stop();
    CHECK(asked.sign_in("lebus", "mueller", "gleiches Kennwort").has_value());
}

TEST_CASE(
    "a base that is not there, and a service account that is refused, are the member's mistake and "
    "say so") {
    const auto& layout = every_layout().back();
    const auto server = make_server(layout);
    auto elsewhere = settings_for(layout, *server);
    elsewhere.person_base = "ou=nowhere,dc=lebus,dc=example";
    auto refused = settings_for(layout, *server);
    refused.bind_dn = "uid=mueller,ou=people,dc=lebus,dc=example";
    refused.bind_password_env = "PATH";
    asked_directories asked({{member_slug("base"), elsewhere}, {member_slug("account"), refused}});
    CHECK(asked.sign_in("base", "mueller", "x").error().error ==
          sign_in_error::directory_misconfigured);
    const auto account = asked.sign_in("account", "mueller", "x");
    CHECK(account.error().error == sign_in_error::directory_misconfigured);
    CHECK(account.error().detail.find("uid=mueller") != std::string::npos);
}
