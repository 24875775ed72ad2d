#include "idp/oauth/device_codes.hpp"

#include "idp/jose/hash.hpp"

namespace kommpass::idp::oauth::device {

std::string code_hash_for(std::string_view device_code_hash) {
    return jose::sha256("device grant\n" + std::string(device_code_hash));
}

}  // namespace kommpass::idp::oauth::device
