#include "idp/oauth/grant_device_code.hpp"

#include "idp/http/form.hpp"
#include "idp/jose/hash.hpp"
#include "idp/oauth/device_codes.hpp"
#include "idp/store/device_requests.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

constexpr std::size_t longest_code = 128;

protocol_error unknown_code() {
    return token_error::invalid_grant("the device code is unknown, or was already used");
}

// Nothing: the person said yes.
std::optional<protocol_error> still_waiting(store::transaction& t, const std::string& hash,
                                            const client_id& client, instant now) {
    const auto asked = t.devices().find(hash);
    if (!asked || asked->client != client) return unknown_code();
    if (asked->expires_at <= now) return token_error::expired_token();
    if (asked->decision == store::device_decision::allowed) return std::nullopt;
    if (asked->decision == store::device_decision::denied) return token_error::access_denied();
    const bool early = now - asked->polled_at < std::chrono::seconds(asked->interval_seconds);
    const auto interval =
        early ? std::min(asked->interval_seconds + device::slower_by, device::longest_interval)
              : asked->interval_seconds;
    t.devices().polled(hash, now, interval);
    return early ? token_error::slow_down() : token_error::authorization_pending();
}

}  // namespace

protocol_result<device_code_request> device_code_grant::parse(const http::form& form) {
    const auto code = form.get("device_code");
    if (!code) return token_error::invalid_request("device_code is missing");
    if (code->size() > longest_code) return unknown_code();
    return device_code_request{jose::sha256(*code)};
}

grant_result device_code_grant::run(const grant_caller& caller,
                                    const device_code_request& request) {
    const auto now = time_.now();
    auto work = [&](store::transaction& t) {
        return still_waiting(t, request.device_code_hash, caller.client.client->id, now);
    };
    const auto waits = co_await memory_.write(work);
    if (!waits) co_return token_error::temporarily_unavailable("the store does not answer");
    if (*waits) co_return **waits;
    authorization_code_request given;
    given.code_hash = device::code_hash_for(request.device_code_hash);
    co_return co_await codes_.give_for_code(caller, given, name);
}

}  // namespace kommpass::idp::oauth
