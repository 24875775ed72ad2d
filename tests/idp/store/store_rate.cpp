// How many durable sign-ins and refreshes the store does, and what one costs on the writer.
//     store_rate [file] [waiting coroutines] [sign-ins] [persons]
#include "config/vocabulary/randomness.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/authorizations.hpp"
#include "idp/store/codes.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/record_id.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/sqlite_store.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace {

using namespace kommpass;
using namespace kommpass::idp;
namespace asio = boost::asio;

const std::string identity_json =
    R"({"m":"lebus","id":"5d1d8c3e-3b0a-4f6e-9d2e-0c1f5a7be001","dn":"uid=anna.noack,ou=Personal,)"
    R"(o=Amt Lebus,c=DE","ln":"anna.noack","n":"Anna Noack","gn":"Anna","fn":"Noack","em":)"
    R"("anna.noack@amt-lebus.de","ph":"","g":[["cn=Ordnungsamt,ou=Gruppen,o=Amt Lebus,c=DE",)"
    R"("Ordnungsamt"],["cn=Alle,ou=Gruppen,o=Amt Lebus,c=DE","Alle",["Ordnungsamt"]],)"
    R"(["cn=DMS-Lesen,ou=Gruppen,o=Amt Lebus,c=DE","DMS-Lesen"]],"a":{}})";

struct load {
    store::store& memory;
    system_randomness random;
    system_clock time;
    long persons;
    long left = 0;
    std::vector<store::token_family> families{};
};

std::string hash(load& l) {
    std::string bytes(32, '\0');
    l.random.fill(std::as_writable_bytes(std::span(bytes)));
    return bytes;
}

store::audit_record record(const store::authorization& a, const char* event, instant now) {
    return {now,
            event,
            "ok",
            a.member,
            a.person,
            a.client,
            "01JADXPZ6X8K9YQW5T3V7M2B4C",
            "10.1.2.3",
            R"({"amr":"pwd"})"};
}

asio::awaitable<void> sign_in(load& l) {
    const auto now = l.time.now();
    const directory_id directory("entry-" + std::to_string(std::rand() % l.persons));
    store::session s;
    s.id = store::new_record_id(l.random, now);
    s.secret_hash = hash(l);
    s.member = member_slug("lebus");
    s.directory = directory;
    s.identity_json = identity_json;
    s.authenticated_at = s.created_at = s.last_used_at = now;
    s.expires_at = now + std::chrono::hours(10);
    s.amr = {"pwd"};
    s.acr = "urn:kommpass:acr:password";
    s.user_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    s.address = "10.1.2.3";
    const person_id candidate(store::new_record_id(l.random, now));
    store::issued_code c;
    c.code_hash = hash(l);
    c.given.family = store::new_record_id(l.random, now);
    c.given.client = client_id("dms-web");
    c.given.member = s.member;
    c.given.directory = directory;
    c.given.session = s.id;
    c.given.scope = {"openid", "profile", "email", "offline_access"};
    c.given.identity_json = identity_json;
    c.given.authenticated_at = now;
    c.given.amr = s.amr;
    c.given.acr = s.acr;
    c.redirect_uri = "https://dms.example.org/redirect_uri";
    c.challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    c.nonce = "n-0S6_WzA2Mj";
    c.expires_at = now + std::chrono::seconds(60);
    auto first = [&](store::transaction& t) {
        const auto who = t.persons().ensure(s.member, directory, candidate, now);
        s.person = c.given.person = who.id;
        t.sessions().put(s);
        t.codes().put(c);
        t.audit().append(record(c.given, "sign_in.success", now));
    };
    if (!co_await l.memory.write(first)) std::abort();

    const auto refresh_hash = hash(l);
    auto second = [&](store::transaction& t) {
        auto taken = t.codes().redeem(c.code_hash, now);
        store::token_family f;
        f.given = std::get<store::issued_code>(std::move(taken)).given;
        f.current_hash = refresh_hash;
        f.rotated_at = f.issued_at = now;
        f.expires_at = now + std::chrono::hours(10);
        t.families().put(f);
        t.sessions().add_client(f.given.session, f.given.client);
        t.audit().append(record(f.given, "token.issued", now));
        return f;
    };
    auto kept = co_await l.memory.write(second);
    if (!kept) std::abort();
    if (l.families.size() < 20'000) l.families.push_back(*std::move(kept));
}

asio::awaitable<void> refresh(load& l) {
    auto& known = l.families[static_cast<std::size_t>(std::rand()) % l.families.size()];
    const std::string id = known.given.family;
    const auto current = known.current_hash;
    const auto next = hash(l);
    known.current_hash = next;
    const auto now = l.time.now();
    auto look = [&](store::transaction& t) { return t.families().find(id); };
    const auto found = co_await l.memory.read(look);
    if (!found || !*found) std::abort();
    auto rotate = [&](store::transaction& t) {
        const bool done = t.families().rotate(id, {current, next, {}, 1, {}, identity_json, now});
        t.audit().append(record((*found)->given, "token.refreshed", now));
        return done;
    };
    const auto done = co_await l.memory.write(rotate);
    if (!done) std::abort();
}

asio::awaitable<void> worker(load& l, asio::awaitable<void> (*act)(load&)) {
    while (l.left-- > 0) co_await act(l);
}

double cpu_of_process() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return double(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           double(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

double cpu_of_this_thread() {
    rusage used{};
    getrusage(RUSAGE_THREAD, &used);
    return double(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           double(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

void measure(const char* name, load& l, asio::awaitable<void> (*act)(load&), long count,
             int waiting) {
    asio::io_context context(1);
    l.left = count;
    const auto before = l.memory.statistics();
    const auto begun = std::chrono::steady_clock::now();
    const double cpu = cpu_of_process();
    const double own = cpu_of_this_thread();
    for (int i = 0; i < waiting; ++i) asio::co_spawn(context, worker(l, act), asio::detached);
    context.run();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    const auto after = l.memory.statistics();
    const double engine = (cpu_of_process() - cpu) - (cpu_of_this_thread() - own);
    std::printf(
        "%-10s %9.0f/s  %5.1f units in a commit, %6.1f us of engine CPU, %6.1f us of caller CPU "
        "each\n",
        name, double(count) / took.count(),
        double(after.writes - before.writes) / double(after.commits - before.commits),
        engine / double(count) * 1e6, (cpu_of_this_thread() - own) / double(count) * 1e6);
}

void print_memory(const char* when) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS")) std::cout << when << ": " << line << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
    const std::filesystem::path file = argc > 1 ? argv[1] : "store_rate.db";
    const int waiting = argc > 2 ? std::atoi(argv[2]) : 64;
    const long count = argc > 3 ? std::atol(argv[3]) : 100'000;
    const long persons = argc > 4 ? std::atol(argv[4]) : 20'000;
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
    store::sqlite_options options;
    options.report = [](const std::string& text) { std::cerr << text << '\n'; };
    if (const char* pace = std::getenv("PACE_US"))
        options.pace = std::chrono::microseconds(std::atol(pace));
    auto opened = store::open_sqlite_store(file, options);
    if (!opened) {
        std::cerr << opened.error() << '\n';
        return 1;
    }
    print_memory("open");
    load l{.memory = **opened, .random = {}, .time = {}, .persons = persons};
    measure("sign-in", l, sign_in, count, waiting);
    print_memory("after sign-ins (with the test's own list)");
    std::cout << "log: " << std::filesystem::file_size(file.string() + "-wal") / 1'000'000
              << " MB, file: " << std::filesystem::file_size(file) / 1'000'000 << " MB\n";
    measure("refresh", l, refresh, count, waiting);
    print_memory("after refreshes");
    (*opened)->stop();
}
