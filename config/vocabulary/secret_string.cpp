#include "config/vocabulary/secret_string.hpp"

#include <cstring>
#include <utility>

namespace kommpass {

void wipe(std::string& bytes) noexcept {
    // The whole capacity, since a shorter value may have followed a longer one.
    bytes.resize(bytes.capacity());
    ::explicit_bzero(bytes.data(), bytes.size());
    bytes.clear();
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    unsigned char difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference = static_cast<unsigned char>(
            difference | (static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i])));
    }
    const volatile unsigned char seen = difference;
    return seen == 0;
}

secret_string::secret_string(std::string&& value) : value_(value) { wipe(value); }
secret_string::secret_string(std::string_view value) : value_(value) {}

secret_string::secret_string(secret_string&& other) noexcept : value_(std::move(other.value_)) {
    wipe(other.value_);  // a short value is copied by the move, not taken
}

secret_string& secret_string::operator=(secret_string&& other) noexcept {
    if (this != &other) {
        wipe(value_);
        value_ = std::move(other.value_);
        wipe(other.value_);
    }
    return *this;
}

secret_string::~secret_string() { wipe(value_); }

bool operator==(const secret_string& a, const secret_string& b) noexcept {
    return equal_in_constant_time(a.value_, b.value_);
}

}  // namespace kommpass
