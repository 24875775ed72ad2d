#include "config/vocabulary/randomness.hpp"

#include "config/vocabulary/base64url.hpp"

#include <sys/random.h>

#include <cerrno>
#include <exception>

namespace kommpass {

std::string randomness::token(std::size_t bytes) {
    std::string raw(bytes, '\0');
    fill(std::as_writable_bytes(std::span(raw.data(), raw.size())));
    return base64url::encode(raw);
}

void system_randomness::fill(std::span<std::byte> out) {
    while (!out.empty()) {
        const ssize_t got = ::getrandom(out.data(), out.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) std::terminate();
        out = out.subspan(static_cast<std::size_t>(got));
    }
}

}  // namespace kommpass
