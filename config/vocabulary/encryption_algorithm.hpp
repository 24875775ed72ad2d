#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace kommpass {

// How the key of an encrypted token reaches its reader (RFC 7518, 4). RSA1_5 and the symmetric ones
// do not exist here.
enum class key_management { ecdh_es, rsa_oaep_256 };
// How its content is encrypted (RFC 7518, 5.3).
enum class content_encryption { a128gcm, a256gcm };

// Their names, once: for the registry, for headers, for discovery.
inline constexpr std::array<std::pair<std::string_view, key_management>, 2> key_managements{
    {{"ECDH-ES", key_management::ecdh_es}, {"RSA-OAEP-256", key_management::rsa_oaep_256}}};
inline constexpr std::array<std::pair<std::string_view, content_encryption>, 2> content_encryptions{
    {{"A128GCM", content_encryption::a128gcm}, {"A256GCM", content_encryption::a256gcm}}};

[[nodiscard]] constexpr std::size_t key_bytes(content_encryption kind) noexcept {
    return kind == content_encryption::a128gcm ? 16 : 32;
}

}  // namespace kommpass
