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
// A ring of what was read, for looking: nothing is written, and what the file lacks is made for
// this ring alone.
[[nodiscard]] key_ring_ptr ring_of(key_file, instant now);
// The same of a key file's text; `where` names it in what is said of it.
[[nodiscard]] result<key_file, key_file_error> parse_key_file(const std::string& where,
                                                              std::string_view text);
// What `parse_key_file` takes. The caller wipes it.
[[nodiscard]] std::string text_of(const key_file&);

// A sealing key in the key file's place: the keys themselves are in the store, sealed under it.
struct sealing_key_file {
    secret_string key;  // 32 bytes
};
// Nothing where there is no file, or one that holds the keys themselves.
[[nodiscard]] result<std::optional<sealing_key_file>, key_file_error> read_sealing_key_file(
    const std::string& path);
[[nodiscard]] result<void, key_file_error> write_sealing_key_file(const std::string& path,
                                                                  const sealing_key_file&);
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
