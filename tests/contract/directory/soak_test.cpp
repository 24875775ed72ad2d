// Faults that switch on and off, round after round, leave nothing behind.
#include "tests/contract/directory/layouts.hpp"
#include "tests/support/faulty_proxy.hpp"
#include "tests/support/resident_memory.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <iterator>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
using mood = faulty_proxy::mood;

namespace {

constexpr int rounds = 60;
constexpr int warm_up = 20;

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

directory_settings quick(directory_settings settings) {
    settings.connect_timeout = 200ms;
    settings.deadline = 250ms;
    settings.failover_after = 100ms;
    return settings;
}

}  // namespace

TEST_CASE("round after round of servers that hang, cut, garble and come back leak nothing") {
    const auto& layout = every_layout().back();
    const auto first = make_server(layout, "lebus");
    const auto second = make_server(layout, "cottbus");
    faulty_proxy spoiled(second->port());
    auto behind_proxy = settings_for(layout, *second, "cottbus");
    behind_proxy.urls = {spoiled.url()};
    std::size_t descriptors = 0;
    long memory = 0;
    {
        asked_directories asked(
            {{member_slug("lebus"), quick(settings_for(layout, *first, "lebus"))},
             {member_slug("cottbus"), quick(behind_proxy)}});
        const auto ask_both = [&] {
            (void)asked.sign_in("lebus", "mueller", "gleiches Kennwort");
            (void)asked.sign_in("cottbus", "mueller", "gleiches Kennwort");
        };
        const auto until_both_answer = [&] {
            while (!asked.sign_in("lebus", "mueller", "gleiches Kennwort") ||
                   !asked.sign_in("cottbus", "mueller", "gleiches Kennwort")) {
            }
        };
        for (int round = 0; round < rounds; ++round) {
            spoiled.set(round % 3 == 0   ? mood::cuts
                        : round % 3 == 1 ? mood::garbles
                                         : mood::honest);
            const bool hangs = round % 10 == 0;
            if (hangs) first->freeze();
            ask_both();
            if (hangs) first->thaw();
            spoiled.set(mood::honest);
            until_both_answer();
            CHECK(asked.counters("lebus").in_flight == 0);
            CHECK(asked.counters("lebus").waiting == 0);
            CHECK(asked.counters("cottbus").in_flight == 0);
            if (round == warm_up) {
                descriptors = open_descriptors();
                memory = resident_kilobytes();
            }
        }
        const auto connections =
            asked.counters("lebus").replica(first->url())->connections.load() +
            asked.counters("cottbus").replica(spoiled.url())->connections.load();
        CHECK(connections <= 8);
        // The other end of a connection that was given up may be on its way out still.
        CHECK(open_descriptors() <= descriptors + 4);
        CHECK(resident_kilobytes() - memory < 8 * 1024);
    }
}
