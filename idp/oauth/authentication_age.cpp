#include "idp/oauth/authentication_age.hpp"

namespace kommpass::idp::oauth {
namespace {

// For what asks for a sign-in and names no age: how long the pages after it may take.
constexpr auto longest_interaction = std::chrono::minutes(10);

}  // namespace

bool is_recent_enough(const authorization_request& request, std::chrono::milliseconds age,
                      proven when) noexcept {
    const bool asks_anew = request.prompt.login || request.prompt.select_account ||
                           request.max_age == std::chrono::seconds(0);
    if (asks_anew && when == proven::before) return false;
    if (asks_anew && age > longest_interaction) return false;
    return !request.max_age || *request.max_age == std::chrono::seconds(0) ||
           age <= *request.max_age;
}

}  // namespace kommpass::idp::oauth
