#include "directory/standing_refusal.hpp"

#include <algorithm>

namespace kommpass::directory {
namespace {

// A password that was mended in the directory alone is noticed by asking only. Soon after the first
// refusal, while somebody is likely at it; seldom later, since a server locks an account that keeps
// coming with a wrong one. A changed password file, or the operator's word, waits for nothing.
constexpr std::chrono::seconds first_wait{5};
constexpr std::chrono::seconds longest_wait{60};

}  // namespace

void standing_refusal::refuse(std::string detail, std::uint64_t tried_with,
                              steady_time now) noexcept {
    const auto before = known();
    const bool same = before && before->tried_with == tried_with;
    const auto since = same ? before->since : now;
    const auto wait = same ? std::min(2 * before->wait, longest_wait) : first_wait;
    refused_.replace(std::make_shared<const refusal>(
        refusal{std::move(detail), since, now + wait, wait, tried_with}));
}

}  // namespace kommpass::directory
