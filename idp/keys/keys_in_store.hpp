#pragma once

#include "idp/jose/key_file.hpp"
#include "idp/jose/sealing.hpp"
#include "idp/keys/key_place.hpp"
#include "idp/store/sealed_keys.hpp"

#include <optional>
#include <string>

namespace kommpass::idp::keys {

// The set of keys in the store, under one sealing key.
class keys_in_store {
public:
    // `name`: of the sealing key's file, for what is said.
    keys_in_store(store::store& memory, const jose::sealing_key_file&, std::string name);

    [[nodiscard]] result<jose::key_ring_ptr, std::string> open(randomness&, instant now,
                                                               const jose::completion&) const;
    [[nodiscard]] result<jose::key_ring_ptr, std::string> change(const asked_change&, randomness&,
                                                                 instant now) const;
    // Whether the set is this text.
    [[nodiscard]] result<bool, std::string> holds(const secret_string& text) const;
    // Keeps this text as the first set. False where there is one already.
    [[nodiscard]] result<bool, std::string> begin_with(std::string_view text,
                                                       const std::string& detail_json,
                                                       instant now) const;

private:
    struct seen {
        long long version = 0;  // 0: there is no set
        secret_string text;
    };
    [[nodiscard]] result<seen, std::string> look() const;
    // False where the set is no longer the version that was seen. A record is written with it
    // unless `detail_json` is empty.
    [[nodiscard]] result<bool, std::string> put(long long predecessor, std::string_view text,
                                                const std::string& detail_json, instant now) const;

    store::store& memory_;
    jose::sealing sealing_;
    std::string name_;
};

}  // namespace kommpass::idp::keys
