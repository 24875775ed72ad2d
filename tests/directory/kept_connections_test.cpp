#include "directory/kept_connections.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace std::chrono_literals;
using directory::kept_connections;

namespace {

const auto settings = std::make_shared<const directory_settings>();
const directory::steady_time start{};

kept_connections::kept one(const std::string& member, std::chrono::minutes until) {
    LDAP* handle = nullptr;
    REQUIRE(ldap_initialize(&handle, "ldap://127.0.0.1") == LDAP_SUCCESS);
    kept_connections::kept made;
    made.connection.handle.reset(handle);
    made.member = member_slug(member);
    made.settings = settings;
    made.dn = "uid=anna.noack";
    made.until = start + until;
    return made;
}

}  // namespace

TEST_CASE("what is kept is found once, by its name, for whom it was bound") {
    kept_connections all;
    system_randomness random;
    const auto take = [&](const std::string& name, const std::string& member, std::string_view dn,
                          std::chrono::minutes now) {
        return all.take(name, member_slug(member), *settings, dn, start + now).has_value();
    };
    const auto name = all.keep(one("lebus", 10min), random);
    CHECK(name.size() >= 22);
    CHECK_FALSE(take("", "lebus", "uid=anna.noack", 1min));
    CHECK(take(name, "lebus", "uid=anna.noack", 1min));
    CHECK_FALSE(take(name, "lebus", "uid=anna.noack", 1min));

    const auto other = all.keep(one("lebus", 10min), random);
    CHECK_FALSE(take(other, "seelow", "uid=anna.noack", 1min));
    CHECK_FALSE(take(other, "lebus", "uid=anna.noack", 1min));  // closed by whoever had no right
    CHECK_FALSE(take(all.keep(one("lebus", 10min), random), "lebus", "uid=bert", 1min));
    CHECK_FALSE(take(all.keep(one("lebus", 10min), random), "lebus", "uid=anna.noack", 10min));
    directory_settings moved;
    moved.person_base = "ou=people,dc=anderswo";
    CHECK_FALSE(all.take(all.keep(one("lebus", 10min), random), member_slug("lebus"), moved,
                         "uid=anna.noack", start)
                    .has_value());
    CHECK(all.count() == 0);
}

TEST_CASE("a member's people hold so many and no more: the oldest goes, and nobody else's") {
    kept_connections all;
    system_randomness random;
    const auto seelows = all.keep(one("seelow", 1min), random);
    const auto oldest = all.keep(one("lebus", 2min), random);
    for (std::size_t i = 1; i < kept_connections::most_of_member; ++i)
        (void)all.keep(one("lebus", 9min), random);
    CHECK(all.count() == kept_connections::most_of_member + 1);
    (void)all.keep(one("lebus", 9min), random);
    CHECK(all.count() == kept_connections::most_of_member + 1);
    CHECK_FALSE(
        all.take(oldest, member_slug("lebus"), *settings, "uid=anna.noack", start).has_value());
    CHECK(all.take(seelows, member_slug("seelow"), *settings, "uid=anna.noack", start).has_value());
    all.close_old(start + 9min);
    CHECK(all.count() == 0);
}
