#include "idp/login/counted_attempt.hpp"

#include "idp/http/request.hpp"
#include "idp/login/throttle.hpp"

namespace kommpass::idp::login {

using std::chrono::milliseconds;

counted_attempt::counted_attempt(throttle& throttle, const jose::key_ring& keys,
                                 const http::request& request, member_slug member)
    : throttle_(throttle),
      keys_(keys),
      request_(request),
      member_(std::move(member)),
      browser_(known_browser::of(request, keys)) {}

counted_attempt::~counted_attempt() {
    if (!account_.empty()) throttle_.withdrawn(account_);
}

bool counted_attempt::is_from_slowed_address() {
    if (browser_.knows_somebody()) return false;
    wait_ = throttle_.wait_for(request_.peer);
    return wait_ > milliseconds(0);
}

directory::attempt_gate::verdict counted_attempt::admit(const std::string& account) {
    auto counted = member_.str() + "\n" + account;
    is_known_ = browser_.knows(keys_, member_, account);
    if (is_known_) {
        counted += "\nbrowser\n" + browser_.token();
        wait_ = throttle_.wait_for(counted);
    } else {
        wait_ = throttle_.wait_for(counted, request_.peer);
    }
    if (wait_ == milliseconds(0)) account_ = std::move(counted);
    return {wait_, is_known_};
}

void counted_attempt::succeeded() {
    if (account_.empty()) return;
    throttle_.succeeded(account_, request_.peer);
    account_.clear();
}

// The errors of a known browser are not its town hall's: they slow nobody else at that address.
void counted_attempt::failed() {
    if (account_.empty()) return;
    if (is_known_)
        throttle_.failed(account_);
    else
        throttle_.failed(account_, request_.peer);
    account_.clear();
}

}  // namespace kommpass::idp::login
