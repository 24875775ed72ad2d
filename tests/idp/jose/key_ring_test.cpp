#include "idp/jose/key_ring.hpp"
#include "config/vocabulary/base64url.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/kept_keys.hpp"
#include "idp/jose/token_hash.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace kommpass;
using namespace kommpass::idp::jose;

namespace {

namespace fs = std::filesystem;
constexpr std::array every{algorithm::es256, algorithm::rs256, algorithm::ps256, algorithm::eddsa,
                           algorithm::ed25519};
const auto now = from_unix_seconds(1'790'000'000);

struct key_folder {
    key_folder()
        : path(fs::temp_directory_path() / ("kommpass-keys-" + std::to_string(::getpid()))) {
        fs::create_directories(path);
    }
    ~key_folder() { fs::remove_all(path); }
    [[nodiscard]] std::string file() const { return (path / "keys.json").string(); }
    fs::path path;
};

// One ring for the tests that only use it: RSA keys take a while to make.
key_ring_ptr shared_ring() {
    static const key_ring_ptr ring = [] {
        const key_folder folder;
        system_randomness random;
        return *open_key_file(folder.file(), random, now);
    }();
    return ring;
}

}  // namespace

TEST_CASE("SHA-256 gives the value of FIPS 180-4's example") {
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256("abc").size() == 32);
}

TEST_CASE("what a ring signs it verifies, and its own JWKS verifies it as any client would") {
    const auto keys = shared_ring();
    const auto published = parse_jwks(*keys->jwks_json());
    REQUIRE(published.has_value());
    for (const auto kind : every) {
        CAPTURE(name_of(kind));
        const auto jws = keys->sign(kind, "JWT", R"({"sub":"anna"})");

        CHECK(keys->verify_own(jws, "JWT") == R"({"sub":"anna"})");
        const std::array allowed{kind};
        const auto claims = (*published)->verify(jws, allowed);
        REQUIRE(claims.has_value());
        CHECK(claims->at("sub") == "anna");
    }
}

TEST_CASE("a token of one type is none of another") {
    const auto jws = shared_ring()->sign(algorithm::es256, "at+jwt", "{}");
    CHECK(shared_ring()->verify_own(jws, "at+jwt").has_value());
    CHECK_FALSE(shared_ring()->verify_own(jws, "JWT").has_value());
}

TEST_CASE("no byte of a token can be changed, added or removed") {
    const auto keys = shared_ring();
    for (const std::string_view typ : {"JWT", "at+jwt"})  // the signatures of one are remembered
        for (const auto kind : every) {
            if (typ == "at+jwt" && kind != algorithm::es256) continue;
            const auto jws = keys->sign(kind, typ, R"({"sub":"anna","roles":["dms.lesen"]})");
            REQUIRE(keys->verify_own(jws, typ).has_value());
            for (std::size_t at = 0; at < jws.size(); ++at) {
                auto changed = jws;
                changed[at] = changed[at] == 'A' ? 'B' : 'A';
                if (changed == jws) continue;
                CAPTURE(at);
                CHECK_FALSE(keys->verify_own(changed, typ).has_value());
            }
            CHECK_FALSE(keys->verify_own(jws + "A", typ).has_value());
            CHECK_FALSE(keys->verify_own(jws + ".", typ).has_value());
            CHECK_FALSE(keys->verify_own(jws.substr(0, jws.size() - 1), typ).has_value());
            CHECK_FALSE(keys->verify_own(jws.substr(0, jws.rfind('.') + 1), typ).has_value());
        }
    CHECK_FALSE(keys->verify_own("", "JWT").has_value());
    CHECK_FALSE(keys->verify_own("..", "JWT").has_value());
    CHECK_FALSE(keys->verify_own(std::string(100'000, 'A'), "JWT").has_value());
}

TEST_CASE("a token whose key is no longer in the ring is refused, however often it was verified") {
    const key_folder folder;
    system_randomness random;
    const auto keys = *open_key_file(folder.file(), random, now);
    const auto jws = keys->sign(algorithm::es256, "at+jwt", "{}");
    REQUIRE(keys->verify_own(jws, "at+jwt").has_value());
    fs::remove(folder.file());
    const auto others = *open_key_file(folder.file(), random, now);
    CHECK_FALSE(others->verify_own(jws, "at+jwt").has_value());
}

TEST_CASE("what is sealed for one purpose opens for that purpose only, and not when altered") {
    const auto keys = shared_ring();
    const auto sealed = keys->seal("sign-in", "state\nof\na sign-in");
    CHECK(keys->open("sign-in", sealed) == "state\nof\na sign-in");
    CHECK_FALSE(keys->open("other", sealed).has_value());
    CHECK(keys->seal("sign-in", "x") != keys->seal("sign-in", "x"));
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        auto changed = sealed;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        CHECK_FALSE(keys->open("sign-in", changed).has_value());
    }
    CHECK_FALSE(keys->open("sign-in", "").has_value());
    CHECK_FALSE(keys->open("sign-in", std::string(20'000, 'A')).has_value());
    CHECK(keys->open("sign-in", keys->seal("sign-in", "")) == "");
}

TEST_CASE(
    "rotation: next signs, the old key stays published until its last token has expired, a new "
    "next appears") {
    const key_folder folder;
    system_randomness random;
    const auto before = *open_key_file(folder.file(), random, now);
    const auto old_token = before->sign(algorithm::es256, "JWT", "{}");
    const auto sealed = before->seal("p", "kept");
    const auto hash = before->keyed_hash("p", "m");

    const auto after =
        *rotate_key_file(folder.file(), algorithm::es256, std::chrono::hours(1), random, now);
    const auto new_token = after->sign(algorithm::es256, "JWT", "{}");

    CHECK(after->verify_own(old_token, "JWT").has_value());
    CHECK(before->verify_own(new_token, "JWT")
              .has_value());  // a client with the old JWKS knows the next key
    CHECK(old_token.substr(0, old_token.find('.')) != new_token.substr(0, new_token.find('.')));
    CHECK(after->open("p", sealed) == "kept");
    CHECK(after->keyed_hash("p", "m") == hash);
    CHECK(after->list().size() == before->list().size() + 1);

    const auto later = *rotate_key_file(folder.file(), algorithm::es256, std::chrono::hours(1),
                                        random, now + std::chrono::hours(2));
    CHECK_FALSE(later->verify_own(old_token, "JWT").has_value());
    CHECK(later->list().size() == after->list().size());
}

TEST_CASE("the key file is its owner's alone, and survives being read again") {
    const key_folder folder;
    system_randomness random;
    const auto first = *open_key_file(folder.file(), random, now);
    const auto again = open_key_file(folder.file(), random, now);
    REQUIRE(again.has_value());
    CHECK(*(*again)->jwks_json() == *first->jwks_json());
    struct stat about {};
    REQUIRE(::stat(folder.file().c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);

    ::chmod(folder.file().c_str(), 0640);
    const auto exposed = open_key_file(folder.file(), random, now);
    REQUIRE_FALSE(exposed.has_value());
    CHECK(exposed.error().message.find("chmod 600") != std::string::npos);
}

TEST_CASE("a key file that is broken, weak or doubled is refused with file and reason") {
    const key_folder folder;
    system_randomness random;
    for (
        const auto* text :
        {"", "{}", "[]", R"({"sealing_secret":"AA","keys":[]})",
         R"({"sealing_secret":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","keys":[1]})",
         R"({"sealing_secret":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","keys":[{"kid":"a","alg":"ES256","state":"active","private_key":"AAAA"}]})"}) {
        CAPTURE(text);
        std::ofstream(folder.file()) << text;
        ::chmod(folder.file().c_str(), 0600);
        const auto refused = open_key_file(folder.file(), random, now);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().message.find(folder.file()) == 0);
    }
}

TEST_CASE("at_hash is the left half of the hash of the ID token's algorithm") {
    CHECK(token_hash(algorithm::es256, "abc") == base64url::encode(sha256("abc").substr(0, 16)));
    CHECK(token_hash(algorithm::eddsa, "abc").size() == 43);
}

TEST_CASE("threads sign and verify with one ring at once") {
    const auto keys = shared_ring();
    std::array<int, 4> right{};
    {
        std::vector<std::jthread> threads;
        for (auto& count : right) {
            threads.emplace_back([&] {
                for (int i = 0; i < 50; ++i) {
                    for (const auto kind : {algorithm::es256, algorithm::eddsa}) {
                        if (keys->verify_own(keys->sign(kind, "JWT", "{}"), "JWT")) ++count;
                    }
                    if (keys->open("p", keys->seal("p", "x"))) ++count;
                }
            });
        }
    }
    for (const auto count : right) CHECK(count == 150);
}

TEST_CASE("a first start waits for the keys that sign, and the rest is added to them") {
    const key_folder folder;
    system_randomness random;
    const auto of_state = [](const key_ring& keys, key_state state) {
        std::vector<std::string> kids;
        for (const auto& one : keys.list())
            if (one.state == state) kids.push_back(one.kid);
        return kids;
    };

    const auto first =
        *change_key_file(folder.file(), completion{completeness::what_signs}, random, now);
    CHECK(of_state(*first, key_state::active).size() == every.size());
    CHECK(of_state(*first, key_state::next).empty());
    for (const auto kind : every) {
        const auto jws = first->sign(kind, "JWT", "{}");
        CHECK(first->verify_own(jws, "JWT") == "{}");
    }

    const auto whole = *open_key_file(folder.file(), random, now);
    CHECK(of_state(*whole, key_state::active) == of_state(*first, key_state::active));
    CHECK(of_state(*whole, key_state::next).size() == every.size());
    // Who gives up has changed nothing.
    const std::atomic<bool> given_up{true};
    const auto elsewhere = folder.path / "elsewhere.json";
    CHECK_FALSE(change_key_file(elsewhere.string(), completion{.given_up = &given_up}, random, now)
                    .has_value());
    CHECK_FALSE(fs::exists(elsewhere));

    // Later starts find everything, and change nothing.
    const auto later =
        *change_key_file(folder.file(), completion{completeness::what_signs}, random, now);
    CHECK(*later->jwks_json() == *whole->jwks_json());
}
