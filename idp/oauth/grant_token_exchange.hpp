#pragma once

#include "config/vocabulary/clock.hpp"
#include "idp/http/form.hpp"
#include "idp/oauth/grant.hpp"
#include "idp/oauth/live_tokens.hpp"
#include "idp/oauth/scope.hpp"
#include "policies/grant_types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::audit {
class recorder;
}
namespace kommpass::idp::sessions {
class current_identities;
}

namespace kommpass::idp::oauth {

struct token_exchange_request {
    std::string subject_token;
    std::string actor_token;             // empty: the client's own authentication says who acts
    std::vector<std::string> audiences;  // target clients, or audiences of them
    std::vector<std::string> resources;  // audiences of a target, as URIs
    std::optional<scope_list> scope;     // nothing: what both sides have
};

// Token exchange (RFC 8693): an application that was called with a person's access token gets one
// for another application that it calls for them. Only for a pair that the registry names, and only
// with a token that names the caller as its audience. Never wider than what was exchanged: its
// scopes at most, its lifetime at most, its end the new one's end. The roles are those of the
// target, as the directory says now; `act` names everybody who acted on the way (4.1).
class token_exchange_grant {
public:
    static constexpr std::string_view name = policies::grant_types::token_exchange;
    static constexpr bool confidential_only = true;
    [[nodiscard]] static protocol_result<token_exchange_request> parse(const http::form&);

    token_exchange_grant(const clock& time, store::store& memory, live_tokens& tokens,
                         sessions::current_identities& identities, audit::recorder& recorder,
                         const token_answers& answers)
        : time_(time),
          memory_(memory),
          tokens_(tokens),
          identities_(identities),
          recorder_(recorder),
          answers_(answers) {}

    [[nodiscard]] grant_result run(const grant_caller&, const token_exchange_request&);

private:
    template <class T>
    using outcome = boost::asio::awaitable<protocol_result<T>>;

    // The person's token, if this client may exchange it at all.
    [[nodiscard]] outcome<live_token> subject_of(const grant_caller&,
                                                 const token_exchange_request&);
    // Nothing: nobody else than the client acts.
    [[nodiscard]] boost::asio::awaitable<std::optional<protocol_error>> judge_actor(
        const grant_caller&, const token_exchange_request&);
    // Whether the sign-in behind it still is, and the person agreed to the target where it asks.
    [[nodiscard]] boost::asio::awaitable<std::optional<protocol_error>> judge_person(
        const store::authorization&, const policies::client& target, const scope_list&);

    const clock& time_;
    store::store& memory_;
    live_tokens& tokens_;
    sessions::current_identities& identities_;
    audit::recorder& recorder_;
    const token_answers& answers_;
};

}  // namespace kommpass::idp::oauth
