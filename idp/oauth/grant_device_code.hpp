#pragma once

#include "idp/oauth/grant_authorization_code.hpp"

#include <string>

namespace kommpass::idp::oauth {

struct device_code_request {
    std::string device_code_hash;  // SHA-256 of the device code
};

// RFC 8628, 3.4 and 3.5: a device asks whether the person has answered. The first time that they
// have said yes it gets what a code gives; after that the device code is a code that was used.
class device_code_grant {
public:
    static constexpr std::string_view name = policies::grant_types::device_code;
    static constexpr bool confidential_only = false;
    [[nodiscard]] static protocol_result<device_code_request> parse(const http::form&);

    device_code_grant(const clock& time, randomness& random, store::store& memory,
                      const live<jose::key_ring>& keys, audit::recorder& recorder,
                      const token_answers& answers)
        : time_(time), memory_(memory), codes_(time, random, memory, keys, recorder, answers) {}

    [[nodiscard]] grant_result run(const grant_caller&, const device_code_request&);

private:
    const clock& time_;
    store::store& memory_;
    authorization_code_grant codes_;
};

}  // namespace kommpass::idp::oauth
