// How guessing is counted: for the person, not for what is typed nor for who else guesses.
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

constexpr auto known_cookie = "__Host-kommpass-known";

// What is typed for one name; `local` in lower case.
std::vector<std::string> spellings_of(const std::string& local) {
    auto capitals = local;
    for (char& c : capitals) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return {local,
            " " + local + " ",
            capitals,
            local + "\u00a0",
            "\u200b" + local,
            local + "@lebus.example",
            capitals + "@LEBUS.example",
            "\t" + local,
            local + "\u00ad",
            "\u2003" + local + "＠lebus.example"};
}

// How many of the guesses reach the directory.
int reached(test_idp& idp, const std::vector<std::string>& names) {
    const auto page = idp.authorize("groupware-web");
    const auto before = idp.directories.password_checks;
    for (int i = 0; i < 40; ++i)
        idp.fill_in(page, names[static_cast<std::size_t>(i) % names.size()],
                    "falsch-" + std::to_string(i));
    return idp.directories.password_checks - before;
}

// Another browser: its cookies are put away, and come back.
class strangers {
public:
    explicit strangers(test_idp& idp) : idp_(idp), kept_(idp.cookies()) { idp.forget_cookies(); }
    ~strangers() { idp_.cookies() = kept_; }
    strangers(const strangers&) = delete;

private:
    test_idp& idp_;
    std::map<std::string, std::string> kept_;
};

void sign_out(test_idp& idp) { idp.cookies().erase("__Host-kommpass-session"); }

bool signs_in(test_idp& idp, const std::string& user = "anna.noack",
              const std::string& password = "Spreewald-7") {
    sign_out(idp);
    return idp.sign_in("groupware-web", user, password).status() == 303;
}

}  // namespace

TEST_CASE("spellings of a name do not multiply the guesses, whether somebody has it or nobody") {
    for (const auto* name : {"anna.noack", "nie.mand"}) {
        CAPTURE(name);
        test_idp one_spelling;
        const auto allowed = reached(one_spelling, {name});
        CHECK(allowed == 4);
        test_idp every_spelling;
        CHECK(reached(every_spelling, spellings_of(name)) == allowed);
    }
}

TEST_CASE("strangers who guess at a person do not keep out the browser that knows the person") {
    test_idp idp;
    REQUIRE(signs_in(idp));
    {
        const strangers now(idp);
        CHECK(reached(idp, {"anna.noack"}) == 4);
        const auto page = idp.authorize("groupware-web");
        CHECK(idp.fill_in(page, "anna.noack", "Spreewald-7").status() == 429);
    }
    CHECK(signs_in(idp));
    const strangers again(idp);  // it has not set them free either
    CHECK(idp.fill_in(idp.authorize("groupware-web"), "anna.noack", "Spreewald-7").status() == 429);
}

TEST_CASE("the known browser's own allowance has an end, and is no other's") {
    test_idp idp;
    REQUIRE(signs_in(idp));
    sign_out(idp);
    const auto page = idp.authorize("groupware-web");
    const auto before = idp.directories.password_checks;
    for (int i = 0; i < 20; ++i) idp.fill_in(page, "anna.noack", "falsch-" + std::to_string(i));
    CHECK(idp.directories.password_checks - before == 4);
    const strangers now(idp);
    CHECK(idp.fill_in(idp.authorize("groupware-web"), "anna.noack", "Spreewald-7").status() == 303);
}

TEST_CASE("a town hall whose address is slowed does not keep out the browsers that it knows") {
    test_idp idp;
    REQUIRE(signs_in(idp));
    {
        const strangers now(idp);
        const auto page = idp.authorize("groupware-web");
        for (int i = 0; i < 60; ++i) idp.fill_in(page, "erfunden-" + std::to_string(i), "falsch");
        CHECK(idp.fill_in(page, "anna.noack", "Spreewald-7").status() == 429);
    }
    CHECK(signs_in(idp));
}

TEST_CASE("what a browser knows is sealed, and good for nobody but who signed in with it") {
    test_idp idp;
    REQUIRE(signs_in(idp));
    const auto sealed = idp.cookies()[known_cookie];
    CHECK(sealed.size() > 20);
    CHECK(sealed.find("anna") == std::string::npos);
    CHECK(sealed.find("lebus") == std::string::npos);

    const auto guessed_with = [&](const std::string& cookie) {
        const strangers now(idp);
        idp.cookies()[known_cookie] = cookie;
        const auto page = idp.authorize("groupware-web");
        return idp.fill_in(page, "anna.noack", "Spreewald-7").status();
    };
    {
        const strangers now(idp);
        REQUIRE(reached(idp, {"anna.noack"}) == 4);
    }
    auto changed = sealed;
    changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
    CHECK(guessed_with(changed) == 429);
    CHECK(guessed_with("anna.noack") == 429);
    CHECK(guessed_with(std::string(4000, 'A')) == 429);
    CHECK(guessed_with({}) == 429);

    // Somebody else's browser knows that one, and no other.
    std::string of_jan;
    {
        const strangers now(idp);
        const auto page = idp.authorize("groupware-web");
        REQUIRE(idp.fill_in(page, "jan.kowal@cottbus.example", "Chosebuz-8", "cottbus").status() ==
                303);
        of_jan = idp.cookies()[known_cookie];
    }
    CHECK(guessed_with(of_jan) == 429);
    CHECK(guessed_with(sealed) == 303);
}

TEST_CASE("a shared browser knows the last eight people who signed in with it") {
    test_idp idp;
    for (int i = 0; i < 9; ++i) {
        const auto user = "person-" + std::to_string(i);
        idp.directories.add("lebus", user, "Kennwort-1").who.groups =
            idp.directories.of("lebus", "anna.noack").who.groups;
        REQUIRE(signs_in(idp, user, "Kennwort-1"));
    }
    const auto with_this_browser = [&](const std::string& user) {
        {
            const strangers now(idp);
            reached(idp, {user});
        }
        sign_out(idp);
        return idp.fill_in(idp.authorize("groupware-web"), user, "Kennwort-1").status();
    };
    CHECK(with_this_browser("person-0") == 429);
    CHECK(with_this_browser("person-1") == 303);
    CHECK(with_this_browser("person-8") == 303);
}
