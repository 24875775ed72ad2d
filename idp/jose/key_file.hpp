#pragma once

#include "config/vocabulary/secret_string.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/jose/signing_key.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kommpass::idp::jose {

struct kept_key {
    key_info info;
    signing_key key;
};

// What the key file holds.
struct key_file {
    secret_string sealing_secret;  // 32 bytes
    std::vector<kept_key> keys;
};

// Nothing where there is no file.
[[nodiscard]] result<std::optional<key_file>, key_file_error> read_key_file(
    const std::string& path);
// A ring of what was read, for looking: nothing is written, and what the file lacks is made for this
// ring alone.
[[nodiscard]] key_ring_ptr ring_of(key_file, instant now);
// Mode 0600; written beside, synced and renamed, so that a power failure leaves the old or the new
// one.
[[nodiscard]] result<void, key_file_error> write_key_file(const std::string& path, const key_file&);

// Held while the file is read, changed and written: of two commands at once, the second sees what
// the first has made.
class key_file_lock {
public:
    explicit key_file_lock(const std::string& path);
    ~key_file_lock();
    key_file_lock(const key_file_lock&) = delete;

private:
    int descriptor_;
};

}  // namespace kommpass::idp::jose
