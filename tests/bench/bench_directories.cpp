// The federation under load, on real slapds:
//   bench_directories faults [rounds]    44 members; four hang, two are cut off, one answers
//   garbage bench_directories persons            a tree of 100,000 beside one of 1,000
//   bench_directories members            1,000 members configured: time and memory
#include "directory/ldap_directories.hpp"
#include "tests/support/faulty_proxy.hpp"
#include "tests/support/resident_memory.hpp"
#include "tests/support/slapd.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using boost::asio::awaitable;
using steady = std::chrono::steady_clock;

namespace {

constexpr std::array<const char*, 44> members{"lebus",
                                              "neustadt-dosse",
                                              "neuzelle",
                                              "rhinow",
                                              "eichwalde",
                                              "fehrbellin",
                                              "nuthetal",
                                              "schoenwalde-glien",
                                              "schwielowsee",
                                              "wusterhausen-dosse",
                                              "angermuende",
                                              "bad-belzig",
                                              "cottbus",
                                              "hohen-neuendorf",
                                              "kyritz",
                                              "oranienburg",
                                              "premnitz",
                                              "senftenberg",
                                              "wittenberge",
                                              "stgb-brandenburg",
                                              "prenzlau",
                                              "lindow-mark",
                                              "heideblick",
                                              "kleine-elster",
                                              "altlandsberg",
                                              "panketal",
                                              "niemegk",
                                              "maerkische-heide",
                                              "ruedersdorf",
                                              "fuerstenberg-havel",
                                              "potsdam",
                                              "beelitz",
                                              "bernau-bei-berlin",
                                              "falkensee",
                                              "kremmen",
                                              "lauchhammer",
                                              "werneuchen",
                                              "luckenwalde",
                                              "teltow",
                                              "zehdenick",
                                              "templin",
                                              "forst-lausitz",
                                              "spremberg",
                                              "guben"};
constexpr std::size_t hanging = 4;   // the first of them
constexpr std::size_t cut_off = 2;   // the next
constexpr std::size_t garbling = 1;  // the one after those
constexpr std::size_t faulty = hanging + cut_off + garbling;
constexpr unsigned threads = 2;

std::string base_of(const std::string& member) { return "dc=" + member + ",dc=example"; }

std::string people(const std::string& member, std::size_t count) {
    std::string ldif = "dn: ou=people," + base_of(member) +
                       "\nobjectClass: organizationalUnit\nou: people\n\ndn: ou=groups," +
                       base_of(member) + "\nobjectClass: organizationalUnit\nou: groups\n\n";
    for (std::size_t i = 0; i < count; ++i) {
        const auto user = "p" + std::to_string(i);
        ldif += "dn: uid=" + user + ",ou=people," + base_of(member) +
                "\nobjectClass: inetOrgPerson\nuid: " + user + "\ncn: Person " + user +
                "\nsn: Person\nmail: " + user + "@" + member + ".example\nuserPassword: geheim-" +
                user + "\n\n";
    }
    return ldif + "dn: cn=Meldeamt,ou=groups," + base_of(member) +
           "\nobjectClass: groupOfNames\ncn: Meldeamt\nmember: uid=p0,ou=people," +
           base_of(member) + "\n\n";
}

directory_settings settings_for(const std::string& url, const std::string& member) {
    directory_settings settings;
    settings.urls = {url};
    settings.transport = directory_transport::plain;
    settings.person_base = "ou=people," + base_of(member);
    settings.group_base = "ou=groups," + base_of(member);
    return settings;
}

// The loops of one thread: for each member one person after the other.
class load {
public:
    load(directory::federation& shared, const std::map<member_slug, directory_settings>& all,
         std::size_t persons, std::size_t loops_each)
        : directories_(io_, shared), persons_(persons) {
        directories_.take_members(all);
        for (const auto& [slug, settings] : all) {
            for (std::size_t i = 0; i < loops_each; ++i) {
                boost::asio::co_spawn(
                    io_,
                    [this, slug = slug, i]() -> awaitable<void> {
                        co_await sign_in_on_and_on(slug, i);
                    },
                    boost::asio::detached);
            }
        }
        thread_ = std::thread([this] { io_.run(); });
    }
    ~load() {
        boost::asio::post(io_, [this] {
            stopped_ = true;
            directories_.stop();
        });
        thread_.join();
    }

    // Takes out what was measured since the last time: microseconds of each good sign-in.
    std::map<member_slug, std::vector<float>> taken() {
        const std::lock_guard lock(mutex_);
        return std::exchange(measured_, {});
    }

private:
    directory::open_gate open_;
    awaitable<void> sign_in_on_and_on(member_slug member, std::size_t first) {
        boost::asio::steady_timer pause(io_);
        for (auto i = first; !stopped_; ++i) {
            const auto user = "p" + std::to_string(i * 7919 % persons_);
            const auto began = steady::now();
            secret_string password("geheim-" + user);
            const auto who =
                co_await directories_.sign_in(member, user, std::move(password), open_);
            if (stopped_) co_return;
            if (who) {
                const std::lock_guard lock(mutex_);
                measured_[member].push_back(
                    std::chrono::duration<float, std::micro>(steady::now() - began).count());
                continue;
            }
            pause.expires_after(20ms);  // nobody tries again at once
            boost::system::error_code woken;
            co_await pause.async_wait(
                boost::asio::redirect_error(boost::asio::use_awaitable, woken));
        }
    }

    boost::asio::io_context io_{1};
    directory::ldap_directories directories_;
    std::size_t persons_;
    std::mutex mutex_;
    std::map<member_slug, std::vector<float>> measured_;
    bool stopped_ = false;
    std::thread thread_;
};

struct figures {
    double per_second = 0;
    double p50_ms = 0;
    double p99_ms = 0;
};

figures figures_of(std::vector<float> all, double seconds) {
    if (all.empty()) return {};
    std::sort(all.begin(), all.end());
    const auto at = [&](double part) {
        return all[static_cast<std::size_t>(part * static_cast<double>(all.size() - 1))] / 1000.0;
    };
    return {static_cast<double>(all.size()) / seconds, at(0.5), at(0.99)};
}

// Runs for a while and gives what the members that `wanted` accepts achieved.
template <class Wanted>
std::vector<float> run_for(std::vector<std::unique_ptr<load>>& loads,
                           std::chrono::milliseconds time, Wanted wanted) {
    for (const auto& one : loads) (void)one->taken();
    std::this_thread::sleep_for(time);
    std::vector<float> all;
    for (const auto& one : loads) {
        for (auto& [member, measured] : one->taken()) {
            if (wanted(member)) all.insert(all.end(), measured.begin(), measured.end());
        }
    }
    return all;
}

void tell(const char* what, const figures& f) {
    std::printf("%-28s %8.0f sign-ins/s   p50 %6.2f ms   p99 %6.2f ms\n", what, f.per_second,
                f.p50_ms, f.p99_ms);
    std::fflush(stdout);
}

int faults(int rounds) {
    constexpr auto phase = 3000ms;
    std::vector<std::unique_ptr<slapd>> servers;
    std::vector<std::unique_ptr<faulty_proxy>> proxies;
    std::map<member_slug, directory_settings> all;
    for (std::size_t i = 0; i < members.size(); ++i) {
        servers.push_back(std::make_unique<slapd>(base_of(members[i]), people(members[i], 200)));
        auto url = servers[i]->url();
        if (i >= hanging && i < faulty) {
            proxies.push_back(std::make_unique<faulty_proxy>(servers[i]->port()));
            url = proxies.back()->url();
        }
        all.emplace(member_slug(members[i]), settings_for(url, members[i]));
    }
    const auto is_sound = [](const member_slug& member) {
        const auto found = std::find(members.begin(), members.end(), member.view());
        return static_cast<std::size_t>(found - members.begin()) >= faulty;
    };
    const auto set_faults = [&](bool on) {
        for (std::size_t i = 0; i < hanging; ++i) on ? servers[i]->freeze() : servers[i]->thaw();
        for (std::size_t i = 0; i < proxies.size(); ++i) {
            const auto bad = i < cut_off ? faulty_proxy::mood::cuts : faulty_proxy::mood::garbles;
            proxies[i]->set(on ? bad : faulty_proxy::mood::honest);
        }
    };

    const system_clock time;
    directory::federation shared(time, directory::permitted_addresses::with_loopback());
    std::vector<std::unique_ptr<load>> loads;
    for (unsigned i = 0; i < threads; ++i)
        loads.push_back(std::make_unique<load>(shared, all, 200, 1));
    (void)run_for(loads, phase, is_sound);  // connections and caches get warm
    std::vector<float> good;
    std::vector<float> bad;
    for (int i = 0; i < rounds; ++i) {
        const auto without = run_for(loads, phase, is_sound);
        good.insert(good.end(), without.begin(), without.end());
        set_faults(true);
        const auto with = run_for(loads, phase, is_sound);
        bad.insert(bad.end(), with.begin(), with.end());
        set_faults(false);
        (void)run_for(loads, phase, is_sound);  // those that were broken come back
    }
    const double seconds = rounds * std::chrono::duration<double>(phase).count();
    const auto without = figures_of(std::move(good), seconds);
    const auto with = figures_of(std::move(bad), seconds);
    std::printf("44 slapds; the 37 sound members while 7 others are broken, in turns:\n");
    tell("nobody broken", without);
    tell("seven broken", with);
    std::printf("rate kept %.2f (0.90 asked)   p99 %.2f times (less than 1.50 asked)\n",
                with.per_second / without.per_second, with.p99_ms / without.p99_ms);
    loads.clear();
    set_faults(false);
    return 0;
}

int persons() {
    const auto everyone = [](const member_slug&) { return true; };
    std::array<figures, 2> measured;
    const std::array<std::size_t, 2> counts{1000, 100'000};
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const slapd server(base_of("potsdam"), people("potsdam", counts[i]));
        const system_clock time;
        directory::federation shared(time, directory::permitted_addresses::with_loopback());
        std::vector<std::unique_ptr<load>> loads;
        for (unsigned t = 0; t < threads; ++t)
            loads.push_back(std::make_unique<load>(
                shared,
                std::map{std::pair{member_slug("potsdam"), settings_for(server.url(), "potsdam")}},
                counts[i], 4));
        (void)run_for(loads, 2000ms, everyone);
        measured[i] = figures_of(run_for(loads, 4000ms, everyone), 4);
        tell((std::to_string(counts[i]) + " persons").c_str(), measured[i]);
    }
    std::printf("100,000 beside 1,000: rate %.2f   p99 %.2f times\n",
                measured[1].per_second / measured[0].per_second,
                measured[1].p99_ms / measured[0].p99_ms);
    return 0;
}

int many_members() {
    std::map<member_slug, directory_settings> all;
    for (int i = 0; i < 1000; ++i) {
        const auto name = "gemeinde-" + std::to_string(i);
        all.emplace(member_slug(name), settings_for("ldap://127.0.0.1:1", name));
    }
    const auto before = resident_kilobytes();
    const auto began = steady::now();
    const system_clock time;
    directory::federation shared(time, directory::permitted_addresses::with_loopback());
    boost::asio::io_context io;
    directory::ldap_directories directories(io, shared);
    directories.take_members(all);
    std::size_t asked = 0;
    directory::open_gate open;
    for (const auto& [slug, settings] : all) {
        secret_string password(std::string("x"));
        boost::asio::co_spawn(io, directories.sign_in(slug, "anna", std::move(password), open),
                              [&](std::exception_ptr, const auto&) { ++asked; });
    }
    const auto configured = steady::now();
    while (asked < all.size()) io.run_one();
    std::printf(
        "1,000 members configured, each asked once (nobody answers): %.0f ms and %.0f ms, %.0f MB "
        "more\n",
        std::chrono::duration<double, std::milli>(configured - began).count(),
        std::chrono::duration<double, std::milli>(steady::now() - configured).count(),
        static_cast<double>(resident_kilobytes() - before) / 1024);
    directories.stop();
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    const std::string mode = count > 1 ? arguments[1] : "";
    if (mode == "faults") return faults(count > 2 ? std::atoi(arguments[2]) : 3);
    if (mode == "persons") return persons();
    if (mode == "members") return many_members();
    std::fprintf(stderr, "usage: bench_directories faults [rounds] | persons | members\n");
    return 2;
}
