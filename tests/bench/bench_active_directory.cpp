// How long a sign-in takes with Active Directory (Samba), by each way to a person's groups:
//   bench_active_directory [sign-ins]    one after the other, and eight people at once
// A person is in 40 groups, each in a chain of three more. Needs to be root, as samba.hpp says.
#include "directory/ldap_directories.hpp"
#include "tests/support/samba.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

constexpr int people = 8;
constexpr int chains = 40;

std::string user_of(int i) { return "person" + std::to_string(i); }

std::string population() {
    std::string lines =
        "unit\tOU=Amt,DC=kommune,DC=example\nunit\tOU=Gruppen,DC=kommune,DC=example\n"
        "user\tOU=Amt\tdienst\tDienst\tKonto\tdienst@kommune.example\tDienst-2026-x\n";
    std::string everybody;
    for (int i = 0; i < people; ++i) {
        lines += "user\tOU=Amt\t" + user_of(i) + "\tP" + std::to_string(i) + "\tN\t" + user_of(i) +
                 "@kommune.example\tSpreewald-7\n";
        everybody += "\t" + user_of(i);
    }
    for (int i = 0; i < chains; ++i) {
        const auto name = "g" + std::to_string(i);
        lines += "group\tOU=Gruppen\t" + name + "a" + everybody + "\n";
        for (const auto* step : {"ab", "bc", "cd"})
            lines += "group\tOU=Gruppen\t" + name + step[1] + "\t" + name + step[0] + "\n";
    }
    return lines;
}

directory_settings settings_for(const samba& server, group_model model,
                                std::chrono::milliseconds group_cache) {
    directory_settings s;
    s.vendor = directory_vendor::active_directory;
    s.urls = {server.url()};
    s.ca_file = server.ca_file();
    s.bind_dn = "CN=dienst,OU=Amt,DC=kommune,DC=example";
    s.bind_password_env = "KOMMPASS_BENCH_SERVICE_PASSWORD";
    ::setenv("KOMMPASS_BENCH_SERVICE_PASSWORD", "Dienst-2026-x", 1);
    s.person_base = "OU=Amt,DC=kommune,DC=example";
    s.group_base = "OU=Gruppen,DC=kommune,DC=example";
    s.groups = model;
    s.group_cache = group_cache;
    s.deadline = 60s;
    return s;
}

struct measured {
    double median_ms = 0;
    double slowest_ms = 0;
    std::size_t groups = 0;
    int failed = 0;
};

// `at_once` people sign in together, again and again.
measured measure(const directory_settings& settings, int at_once, int rounds) {
    boost::asio::io_context io;
    const system_clock time;
    directory::federation shared(time, directory::permitted_addresses::with_loopback());
    directory::ldap_directories directories(io, shared);
    directories.take_members({{member_slug("amt"), settings}});
    directory::open_gate gate;
    std::vector<double> took;
    measured made;
    for (int round = 0; round <= rounds; ++round) {
        int ended = 0;
        for (int i = 0; i < at_once; ++i) {
            const auto began = steady::now();
            boost::asio::co_spawn(
                io,
                directories.sign_in(member_slug("amt"), user_of(i),
                                    secret_string(std::string_view("Spreewald-7")), gate),
                [&, began](std::exception_ptr,
                           const result<identity, directory::sign_in_failure>& who) {
                    ++ended;
                    if (!who) ++made.failed;
                    if (who) made.groups = who->groups.size();
                    const std::chrono::duration<double, std::milli> ms = steady::now() - began;
                    if (round > 0) took.push_back(ms.count());  // the first one connects
                });
        }
        io.restart();
        while (ended < at_once) io.run_one();
    }
    directories.stop();
    std::sort(took.begin(), took.end());
    made.median_ms = took[took.size() / 2];
    made.slowest_ms = took.back();
    return made;
}

}  // namespace

int main(int count, char** arguments) {
    const int rounds = count > 1 ? std::max(1, std::atoi(arguments[1])) : 20;
    const samba server(population());
    struct row {
        const char* name;
        group_model model;
        std::chrono::milliseconds group_cache;
    };
    for (const auto& one : {row{"in-chain", group_model::in_chain, 60s},
                            row{"stepwise, group_cache 0s", group_model::stepwise, 0s},
                            row{"stepwise", group_model::stepwise, 60s}}) {
        for (const int at_once : {1, people}) {
            const auto made =
                measure(settings_for(server, one.model, one.group_cache), at_once, rounds);
            std::printf(
                "%-26s %d at once: median %.0f ms, slowest %.0f ms (%zu groups, %d failed)\n",
                one.name, at_once, made.median_ms, made.slowest_ms, made.groups, made.failed);
            std::fflush(stdout);
        }
    }
    return 0;
}
