#include "idp/store/record_id.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace kommpass::idp::store {
namespace {

constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t time_digits = 10;
constexpr std::size_t random_digits = 16;

}  // namespace

std::string new_record_id(randomness& random, instant now) {
    std::string id(time_digits + random_digits, '0');
    auto time = static_cast<std::uint64_t>(now.time_since_epoch().count());
    for (std::size_t i = time_digits; i-- > 0; time >>= 5) id[i] = digits[time & 31];

    std::array<std::byte, random_digits> bytes{};
    random.fill(bytes);
    for (std::size_t i = 0; i < random_digits; ++i)
        id[time_digits + i] = digits[std::to_integer<unsigned>(bytes[i]) & 31];
    return id;
}

}  // namespace kommpass::idp::store
