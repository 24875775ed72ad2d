#include "directory/pem.hpp"

#include <openssl/evp.h>

namespace kommpass::directory {

std::string der_of_pem(std::string_view pem) {
    const auto begin = pem.find('\n');
    const auto end = pem.find("-----END");
    if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return {};
    std::string base64;
    for (const char c : pem.substr(begin, end - begin)) {
        if (c != '\n' && c != '\r') base64.push_back(c);
    }
    std::string der(base64.size(), '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(der.data()),
                                     reinterpret_cast<const unsigned char*>(base64.data()),
                                     static_cast<int>(base64.size()));
    if (size <= 0) return {};
    // EVP_DecodeBlock counts the padding in.
    const auto padding = base64.ends_with("==") ? 2U : base64.ends_with("=") ? 1U : 0U;
    der.resize(static_cast<std::size_t>(size) - padding);
    return der;
}

}  // namespace kommpass::directory
