#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace kommpass {

// Where the service gets unpredictable bytes. Safe to use from every thread.
class randomness {
public:
    virtual ~randomness() = default;
    virtual void fill(std::span<std::byte> out) = 0;

    // `bytes` random bytes as unpadded base64url: 32 bytes give 43 characters.
    [[nodiscard]] std::string token(std::size_t bytes = 32);
};

// The kernel's generator (getrandom). Terminates the process if the kernel has none to give.
class system_randomness final : public randomness {
public:
    void fill(std::span<std::byte> out) override;
};

}  // namespace kommpass
