#include "idp/http/request_ids.hpp"

#include <array>
#include <string_view>

namespace kommpass::idp::http {
namespace {

// Crockford's base 32: no letters that are misread on the telephone.
constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t prefix_length = 10;
constexpr std::size_t counter_length = 8;  // 2^40 requests

}  // namespace

request_ids::request_ids(randomness& random) {
    std::array<std::byte, prefix_length> bytes;
    random.fill(bytes);
    for (const auto byte : bytes) next_ += digits[std::to_integer<std::size_t>(byte) % 32];
    next_.append(counter_length, digits.front());
}

void request_ids::write_next(std::string& into) {
    for (auto i = next_.size(); i-- > prefix_length;) {
        const auto at = digits.find(next_[i]);
        if (at + 1 < digits.size()) {
            next_[i] = digits[at + 1];
            break;
        }
        next_[i] = digits.front();
    }
    into.assign(next_);
}

}  // namespace kommpass::idp::http
