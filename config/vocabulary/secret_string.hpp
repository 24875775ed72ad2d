#pragma once

#include <string>
#include <string_view>

namespace kommpass {

// Holds a password, secret or token: wipes its memory when it goes, cannot be copied by accident,
// cannot be printed, and compares in constant time.
class secret_string {
public:
    secret_string() = default;
    // Takes the bytes over and wipes the argument's own buffer.
    explicit secret_string(std::string&& value);
    explicit secret_string(std::string_view value);
    secret_string(secret_string&& other) noexcept;
    secret_string& operator=(secret_string&& other) noexcept;
    secret_string(const secret_string&) = delete;
    secret_string& operator=(const secret_string&) = delete;
    ~secret_string();

    [[nodiscard]] secret_string clone() const { return secret_string(std::string_view(value_)); }
    // The bytes, for the one call that needs them. Do not keep the view, do not log it.
    [[nodiscard]] std::string_view reveal() const noexcept { return value_; }
    [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

    // Constant time in the bytes; the length is not hidden.
    friend bool operator==(const secret_string& a, const secret_string& b) noexcept;

private:
    std::string value_;
};

// Overwrites the bytes in a way that the compiler does not remove, then empties the string.
void wipe(std::string& bytes) noexcept;

// Constant time in the bytes of two views of equal length; false for different lengths.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace kommpass
