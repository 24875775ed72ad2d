// Several nodes, each with a store object of its own on the same file, as each has its own process.
#include "idp/keys/key_place.hpp"
#include "idp/jose/key_file.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/keys/key_rotation.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/sealed_keys.hpp"
#include "idp/store/sqlite_store.hpp"
#include "idp/store/transaction.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <latch>
#include <thread>

using namespace kommpass;
using namespace kommpass::idp;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;
const auto noon = from_unix_seconds(1'790'000'000);

// An installation's folder, as each of its nodes sees it.
struct installation {
    installation() {
        auto name = (fs::temp_directory_path() / "kommpass-nodes-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
        path = name;
    }
    ~installation() { fs::remove_all(path); }
    installation(const installation&) = delete;
    fs::path path;
};

struct node {
    explicit node(const installation& of, const std::string& key_file = "keys.json") {
        settings.store_file = of.path / "kommpass.db";
        settings.key_file = of.path / key_file;
        auto opened = store::open_sqlite_store(settings.store_file, {});
        REQUIRE(opened.has_value());
        memory = std::move(*opened);
    }
    [[nodiscard]] auto keys(instant now = noon) {
        return keys::open_keys(settings, *memory, random, now);
    }
    [[nodiscard]] std::string jwks() {
        const auto opened = keys();
        REQUIRE_MESSAGE(opened.has_value(), opened.error());
        return *(*opened)->jwks_json();
    }
    [[nodiscard]] auto rotate(instant now = noon) {
        return keys::rotate_keys(settings, *memory, jose::algorithm::es256, "test", random, now);
    }
    [[nodiscard]] long long version() const {
        long long found = 0;
        REQUIRE(memory->read_now(
            [&](store::transaction& t) { found = store::sealed_keys(t).version(); }));
        return found;
    }
    [[nodiscard]] std::size_t records() const {
        std::size_t count = 0;
        REQUIRE(memory->read_now(
            [&](store::transaction& t) { count = t.audit().read_back(1'000'000, 1000).size(); }));
        return count;
    }

    config::settings settings;
    system_randomness random;
    std::unique_ptr<store::store> memory;
};

std::string active_of(const jose::key_ring& keys, jose::algorithm kind) {
    for (const auto& one : keys.list()) {
        if (one.algorithm == kind && one.state == jose::key_state::active) return one.kid;
    }
    return {};
}

bool has(const jose::key_ring& keys, const std::string& kid) {
    const auto all = keys.list();
    return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.kid == kid; });
}

// Every node does it at the same moment.
template <class Work>
void together(std::vector<std::unique_ptr<node>>& nodes, Work work) {
    std::latch begin(static_cast<std::ptrdiff_t>(nodes.size()));
    std::vector<std::thread> threads;
    for (auto& one : nodes) {
        threads.emplace_back([&] {
            begin.arrive_and_wait();
            work(*one);
        });
    }
    for (auto& one : threads) one.join();
}

std::vector<std::unique_ptr<node>> three_nodes(const installation& here) {
    std::vector<std::unique_ptr<node>> nodes;
    for (int i = 0; i < 3; ++i) nodes.push_back(std::make_unique<node>(here));
    return nodes;
}

}  // namespace

TEST_CASE("nodes that begin at the same instant on an empty store have the same keys") {
    const installation here;
    auto nodes = three_nodes(here);
    REQUIRE(keys::make_sealing_key(nodes[0]->settings, nodes[0]->random));

    together(nodes, [](node& one) { (void)one.keys(); });

    CHECK(nodes[0]->version() == 1);
    const auto jwks = nodes[0]->jwks();
    for (const auto& one : nodes) CHECK(one->jwks() == jwks);
    // What one signs holds at the others.
    const auto jws = (*nodes[0]->keys())->sign(jose::algorithm::es256, "JWT", R"({"sub":"a"})");
    CHECK((*nodes[2]->keys())->verify_own(jws, "JWT") == R"({"sub":"a"})");
    // Each algorithm has one key in each place.
    CHECK((*nodes[1]->keys())->list().size() == 10);
}

TEST_CASE("nodes that rotate at once rotate once, fifty times") {
    const installation here;
    auto nodes = three_nodes(here);
    REQUIRE(keys::make_sealing_key(nodes[0]->settings, nodes[0]->random));
    (void)nodes[0]->jwks();
    const auto kind = jose::algorithm::es256;
    auto now = noon;
    for (int round = 0; round < 50; ++round) {
        now += 24h;
        const auto before = active_of(**nodes[0]->keys(now), kind);
        const keys::asked_change step{
            .what = jose::rotation{kind, 24h},
            .detail_json = "{}",
            .wanted = [&](const jose::key_ring& keys) { return active_of(keys, kind) == before; }};
        together(nodes, [&](node& one) {
            (void)keys::change_keys(one.settings, *one.memory, step, one.random, now);
        });
        REQUIRE(nodes[0]->version() == round + 2);
        const auto after = *nodes[0]->keys(now);
        REQUIRE(active_of(*after, kind) != before);
        REQUIRE(*(*nodes[1]->keys(now))->jwks_json() == *after->jwks_json());
    }
    CHECK(nodes[0]->records() == 50);
}

TEST_CASE("a node that slept through another's rotation does not rotate once more") {
    const installation here;
    node awake(here);
    node frozen(here);
    for (auto* one : {&awake, &frozen}) one->settings.key_rotation = 24h;
    REQUIRE(keys::make_sealing_key(awake.settings, awake.random));
    const auto seen_before_its_sleep = *frozen.keys();
    const auto later = noon + 25h;
    REQUIRE(keys::rotation_is_due(frozen.settings, *seen_before_its_sleep, later));
    REQUIRE(keys::rotate_keys_if_due(awake.settings, *awake.memory, "awake", awake.random, later));

    const auto woken =
        keys::rotate_keys_if_due(frozen.settings, *frozen.memory, "woken", frozen.random, later);

    REQUIRE(woken.has_value());
    CHECK(awake.version() == 2);
    CHECK(*(*woken)->jwks_json() == *(*awake.keys(later))->jwks_json());
}

TEST_CASE("a node without the sealing key, or with another one, makes no keys and says so") {
    const installation here;
    node first(here);
    REQUIRE(keys::make_sealing_key(first.settings, first.random));
    const auto jwks = first.jwks();

    node without(here, "missing.json");
    const auto missing = without.keys();
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().find("missing.json holds no sealing key") != std::string::npos);
    CHECK_FALSE(fs::exists(without.settings.key_file));

    node other(here, "other.json");
    REQUIRE(keys::make_sealing_key(other.settings, other.random));
    const auto wrong = other.keys();
    REQUIRE_FALSE(wrong.has_value());
    CHECK(wrong.error().find("sealed under another key than the one in") != std::string::npos);
    CHECK_FALSE(other.rotate().has_value());

    CHECK(first.version() == 1);
    CHECK(first.jwks() == jwks);
}

TEST_CASE("the store's file holds no private key in the clear") {
    const installation here;
    node one(here);
    REQUIRE(keys::make_sealing_key(one.settings, one.random));
    (void)one.jwks();
    std::optional<store::sealed_key_set> kept;
    REQUIRE(
        one.memory->read_now([&](store::transaction& t) { kept = store::sealed_keys(t).find(); }));
    REQUIRE(kept);
    CHECK(kept->sealed.find("private_key") == std::string::npos);
    CHECK_FALSE(jose::parse_key_file("store", kept->sealed).has_value());
    struct stat about {};
    REQUIRE(::stat(one.settings.key_file.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
}

TEST_CASE("a key that is withdrawn goes at once, and the one that was announced signs") {
    for (const bool in_store : {false, true}) {
        CAPTURE(in_store);
        const installation here;
        node one(here);
        if (in_store) REQUIRE(keys::make_sealing_key(one.settings, one.random));
        const auto before = *one.keys();
        const auto bad = active_of(*before, jose::algorithm::es256);
        const auto signed_by_it = before->sign(jose::algorithm::es256, "at+jwt", "{}");
        const auto stamp = keys::stamp_of_keys(one.settings, *one.memory);

        const auto after =
            keys::withdraw_key(one.settings, *one.memory, bad, "test", one.random, noon);

        REQUIRE(after.has_value());
        CHECK_FALSE(has(**after, bad));
        CHECK((*after)->jwks_json()->find(bad) == std::string::npos);
        CHECK_FALSE((*after)->verify_own(signed_by_it, "at+jwt"));
        const auto signs = active_of(**after, jose::algorithm::es256);
        CHECK(before->jwks_json()->find(signs) != std::string::npos);
        CHECK(keys::stamp_of_keys(one.settings, *one.memory) != stamp);
        const auto again =
            keys::withdraw_key(one.settings, *one.memory, bad, "test", one.random, noon);
        REQUIRE_FALSE(again.has_value());
        CHECK(again.error().find("there is no key") != std::string::npos);
    }
}

TEST_CASE("an installation moves its keys into the store and signs with the same ones") {
    const installation here;
    node one(here);
    const auto jwks = one.jwks();
    const auto sealed = (*one.keys())->seal("directory password", "geheim");
    const auto stamp = keys::stamp_of_keys(one.settings, *one.memory);

    REQUIRE(keys::move_keys_to_store(one.settings, *one.memory, "test", one.random, noon));

    CHECK(one.jwks() == jwks);
    CHECK((*one.keys())->open("directory password", sealed) == "geheim");
    CHECK(keys::stamp_of_keys(one.settings, *one.memory) != stamp);
    CHECK(jose::read_sealing_key_file(one.settings.key_file.string())->has_value());
    CHECK_FALSE(fs::exists(one.settings.key_file.string() + ".sealing"));
    CHECK_FALSE(keys::move_keys_to_store(one.settings, *one.memory, "test", one.random, noon));

    // Another node's key file does not overwrite them.
    node stale(here, "stale.json");
    CHECK_FALSE(stale.keys().has_value());
    {
        const installation elsewhere;
        node lone(elsewhere);
        (void)lone.jwks();
        fs::copy_file(lone.settings.key_file, stale.settings.key_file);
    }
    CHECK_FALSE(keys::move_keys_to_store(stale.settings, *stale.memory, "t", stale.random, noon));
    CHECK(one.jwks() == jwks);
}

TEST_CASE("a move into the store that was cut off before its last step goes on") {
    const installation here;
    node one(here);
    const auto jwks = one.jwks();
    const auto file = one.settings.key_file;
    fs::copy_file(file, here.path / "kept.json");
    REQUIRE(keys::move_keys_to_store(one.settings, *one.memory, "test", one.random, noon));
    fs::rename(file, file.string() + ".sealing");
    fs::rename(here.path / "kept.json", file);

    REQUIRE(keys::move_keys_to_store(one.settings, *one.memory, "test", one.random, noon));

    CHECK(one.version() == 1);
    CHECK(one.jwks() == jwks);
}
