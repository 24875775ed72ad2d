#include "tests/idp/attacks/sequence.hpp"
#include "idp/store/audit_record.hpp"

#include <algorithm>
#include <chrono>
#include <tuple>

namespace kommpass::tests::attacks {
namespace {

constexpr auto longest_shrinking = std::chrono::seconds(20);

}  // namespace

std::string outcome::to_string() const {
    std::string text;
    for (const auto& line : story) text += "  " + line + "\n";
    for (const auto& one : breaches) text += one.invariant + ": " + one.what + "\n";
    return text;
}

cast cast_of(std::uint32_t seed) { return seed % 2 == 0 ? cast::hostile_alone : cast::everybody; }

outcome run_steps(const std::vector<std::uint32_t>& steps, cast who_acts, const weakening& weaken,
                  const std::set<std::string>& ignored) {
    world w;
    invariants right(w);
    if (weaken) weaken(w);
    outcome made;
    const auto look = [&](std::vector<breach> found) {
        std::erase_if(found, [&](const breach& one) { return ignored.contains(one.invariant); });
        // One rule may be broken for many people.
        const auto key = [](const breach& one) { return std::tie(one.invariant, one.what); };
        std::stable_sort(found.begin(), found.end(),
                         [&](const breach& a, const breach& b) { return key(a) < key(b); });
        found.erase(std::unique(found.begin(), found.end(),
                                [&](const breach& a, const breach& b) { return key(a) == key(b); }),
                    found.end());
        made.breaches = std::move(found);
        return !made.breaches.empty();
    };
    bool broken = weaken && look(right.look(acted::honest));
    for (std::size_t i = 0; i < steps.size() && !broken; ++i) {
        made.steps.push_back(steps[i]);
        broken = look(right.look(take_step(w, steps[i], who_acts)));
    }
    if (!broken) (void)look(right.look_at_end(who_acts == cast::hostile_alone));
    made.story = w.story;
    return made;
}

std::vector<std::uint32_t> steps_of(std::uint32_t seed, std::size_t steps) {
    dice d(seed);
    std::vector<std::uint32_t> all;
    for (std::size_t i = 0; i < steps; ++i) all.push_back(d.seed());
    return all;
}

outcome shrunk(outcome found, cast who_acts, const std::set<std::string>& ignored) {
    if (found.breaches.empty()) return found;
    const auto name = found.breaches.front().invariant;
    const auto until = std::chrono::steady_clock::now() + longest_shrinking;
    for (auto part = found.steps.size() / 2; part > 0; part /= 2) {
        for (std::size_t at = 0; at < found.steps.size();) {
            if (std::chrono::steady_clock::now() > until) return found;
            auto fewer = found.steps;
            const auto begin = fewer.begin() + static_cast<std::ptrdiff_t>(at);
            fewer.erase(begin,
                        begin + static_cast<std::ptrdiff_t>(std::min(part, fewer.size() - at)));
            auto tried = run_steps(fewer, who_acts, {}, ignored);
            const bool same = !tried.breaches.empty() && tried.breaches.front().invariant == name;
            if (same)
                found = std::move(tried);
            else
                at += part;
        }
    }
    return found;
}

}  // namespace kommpass::tests::attacks
