#include "directory/standing_refusal.hpp"

namespace kommpass::directory {
namespace {

// A refused account is asked about this seldom, since the server may count; a changed password file
// does not wait for it.
constexpr std::chrono::seconds asked_again_after{60};

}  // namespace

void standing_refusal::refuse(std::string detail, std::uint64_t tried_with,
                              steady_time now) noexcept {
    const auto before = known();
    const auto since = before && before->tried_with == tried_with ? before->since : now;
    refused_.replace(std::make_shared<const refusal>(
        refusal{std::move(detail), since, now + asked_again_after, tried_with}));
}

}  // namespace kommpass::directory
