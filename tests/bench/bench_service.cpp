// The running service beside the limits of its parts, in one run:
//   bench_service <port> <client secret> <ldap url> <ldap base> <people> <pid of the service>
//   [rates]
// `rates`: only how many a second, to be compared with those of another store.
#include "tests/bench/journeys.hpp"
#include "tests/bench/references.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

using namespace kommpass::bench;

namespace {

load_report measure(std::uint16_t port, unsigned connections, std::chrono::milliseconds duration,
                    const script_maker& maker) {
    load what;
    what.port = port;
    what.connections = connections;
    what.duration = duration;
    auto report = run(what, maker);
    if (report.failures > 0) {
        std::fprintf(stderr, "%llu failures; the first: %.400s\n",
                     static_cast<unsigned long long>(report.failures),
                     report.first_failure.c_str());
        std::exit(1);
    }
    return report;
}

void tell(const char* what, const load_report& report) {
    std::printf("%-24s %8.0f/s   p50 %6.1f ms   p99 %6.1f ms\n", what, report.journeys_per_second(),
                report.of_journeys.percentile(0.5) / 1000,
                report.of_journeys.percentile(0.99) / 1000);
    std::fflush(stdout);
}

// What the service has computed so far, in seconds (proc(5), stat: utime and stime).
double computed_by(const char* pid) {
    std::ifstream file(std::string("/proc/") + pid + "/stat");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    long long user = 0;
    long long system = 0;
    const auto after_name = text.rfind(')');
    if (after_name == std::string::npos ||
        std::sscanf(text.c_str() + after_name + 1,
                    " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld", &user, &system) != 2)
        return 0;
    return static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

// Of the service, for each journey, in microseconds.
double cost(const char* pid, const char* what, std::uint16_t port, const script_maker& maker) {
    const auto before = computed_by(pid);
    const auto report = measure(port, 32, std::chrono::seconds(3), maker);
    tell(what, report);
    return (computed_by(pid) - before) * 1e6 / static_cast<double>(report.journeys);
}

struct rates {
    load_report credentials;
    load_report sign_ins;
    load_report signed_on;
    load_report refreshed;
};

rates measure_rates(std::uint16_t port, const service_under_load& what) {
    using namespace std::chrono_literals;
    rates all;
    all.credentials = measure(port, 64, 3s, client_credentials(what));
    tell("client_credentials", all.credentials);
    all.sign_ins = measure(port, 64, 5s, first_sign_ins(what));
    tell("first sign-in", all.sign_ins);
    all.signed_on = measure(port, 64, 3s, single_sign_on(what));
    tell("with a session", all.signed_on);
    all.refreshed = measure(port, 128, 3s, refreshes(what));
    tell("refresh with rotation", all.refreshed);
    return all;
}

}  // namespace

int main(int count, char** arguments) {
    const bool only_rates = count == 8 && std::string(arguments[7]) == "rates";
    if (count != 7 && !only_rates) {
        std::fprintf(stderr,
                     "usage: bench_service <port> <client secret> <ldap url> <ldap base> <people> "
                     "<pid> [rates]\n");
        return 2;
    }
    const auto port = static_cast<std::uint16_t>(std::atoi(arguments[1]));
    const std::string url = arguments[3];
    const std::string base = arguments[4];
    service_under_load what;
    what.issuer = "https://localhost:" + std::to_string(port);
    what.client_secret = arguments[2];
    what.people = static_cast<unsigned>(std::atoi(arguments[5]));
    const auto cores = std::max(1U, std::thread::hardware_concurrency());
    using namespace std::chrono_literals;

    if (only_rates) {
        measure_rates(port, what);
        return 0;
    }
    const double beast = plain_beast_requests_per_second(cores);
    const double sign = es256_signatures_per_second(cores);
    const double ldap = raw_ldap_sign_ins_per_second(url, base, what.people, 8);
    std::printf("limits: plain beast %.0f/s, ES256 %.0f/s, raw libldap %.0f/s\n", beast, sign,
                ldap);

    const auto [credentials, sign_ins, signed_on, refreshed] = measure_rates(port, what);
    const auto bound = measure(port, 128, 3s, refreshes_with_a_key(what));
    tell("refresh with DPoP", bound);

    const auto plain = cost(arguments[6], "authorization", port, authorizations(what));
    const auto pushed =
        cost(arguments[6], "pushed authorization", port, pushed_authorizations(what));
    std::printf(
        "PAR and authorization beside plain: %.0f us and %.0f us of CPU, ratio %.2f (to stay "
        "under: 1.30)\n",
        pushed, plain, pushed / plain);

    const double credentials_limit = 1 / (1 / beast + 1 / sign);
    const double sign_in_limit = 1 / (3 / beast + 1 / ldap + 2 / sign);
    std::printf("client_credentials: ratio to its limit %.2f (to reach: 0.60)\n",
                credentials.journeys_per_second() / credentials_limit);
    std::printf("first sign-in: ratio to its limit %.2f (to reach: 0.40)\n",
                sign_ins.journeys_per_second() / sign_in_limit);
    std::printf("refresh with rotation, durable: %.0f/s (to reach: 10000)\n",
                refreshed.journeys_per_second());
    // Each costs a signature more to verify and a record more in the store; the load generator
    // signs on the same cores.
    std::printf("refresh with DPoP beside the plain one: ratio %.2f (to reach: 0.50)\n",
                bound.journeys_per_second() / refreshed.journeys_per_second());
    return 0;
}
