#include "idp/sessions/sealed_address.hpp"

#include "idp/jose/key_ring.hpp"

namespace kommpass::idp::sessions {
namespace {

// nginx takes a request line of 8 KiB, Apache one of 8,190 bytes.
constexpr std::size_t longest = 7 * 1024;

}  // namespace

std::optional<std::string> sealed_address(std::string start, const jose::key_ring& keys,
                                          std::string_view purpose, std::string_view plain) {
    if (plain.size() > longest) return std::nullopt;
    start += keys.seal(purpose, plain);
    if (start.size() > longest) return std::nullopt;
    return start;
}

}  // namespace kommpass::idp::sessions
