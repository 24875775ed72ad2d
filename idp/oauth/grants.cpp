#include "idp/oauth/grants.hpp"

#include "idp/oauth/grant_authorization_code.hpp"
#include "idp/oauth/grant_client_credentials.hpp"
#include "idp/oauth/grant_device_code.hpp"
#include "idp/oauth/grant_refresh_token.hpp"
#include "idp/oauth/grant_token_exchange.hpp"

#include <algorithm>
#include <memory>

namespace kommpass::idp::oauth {
namespace {

template <class Grant>
grant_result parse_and_run(Grant& one, const grant_caller& caller, const http::form& form) {
    const auto request = Grant::parse(form);
    if (!request) co_return request.error();
    co_return co_await one.run(caller, *request);
}

template <class Grant, class... Parts>
grant row(Parts&... parts) {
    return {Grant::name, Grant::confidential_only,
            [one = std::make_shared<Grant>(parts...)](const grant_caller& caller,
                                                      const http::form& form) {
                return parse_and_run(*one, caller, form);
            }};
}

}  // namespace

grants::grants(const clock& time, randomness& random, store::store& memory,
               const live<jose::key_ring>& keys, sessions::current_identities& identities,
               audit::recorder& recorder, live_tokens& tokens, const token_answers& answers,
               const store::outages& outages)
    : rows_{
          row<authorization_code_grant>(time, random, memory, keys, recorder, answers),
          row<refresh_token_grant>(time, random, memory, keys, identities, recorder, answers,
                                   outages),
          row<client_credentials_grant>(time, recorder, answers),
          row<device_code_grant>(time, random, memory, keys, recorder, answers),
          row<token_exchange_grant>(time, memory, tokens, identities, recorder, answers),
      } {}

const grant* grants::named(std::string_view name) const noexcept {
    const auto found = std::find_if(rows_.begin(), rows_.end(),
                                    [&](const grant& one) { return one.name == name; });
    return found == rows_.end() ? nullptr : &*found;
}

}  // namespace kommpass::idp::oauth
