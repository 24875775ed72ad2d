#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/live.hpp"
#include "idp/oauth/grant.hpp"
#include "idp/oauth/refresh_token.hpp"
#include "idp/oauth/resource.hpp"
#include "idp/store/token_families.hpp"
#include "policies/grant_types.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::http {
class form;
}

namespace kommpass {
class randomness;
}
namespace kommpass::idp::audit {
enum class event;
class recorder;
}  // namespace kommpass::idp::audit
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::sessions {
struct current_identity;
class current_identities;
}  // namespace kommpass::idp::sessions
namespace kommpass::idp::store {
struct audit_record;
class outages;
class transaction;
}  // namespace kommpass::idp::store

namespace kommpass::idp::oauth {

struct refresh_token_request {
    refresh_token token;
    std::optional<scope_list> scope;  // nothing: as it was granted
    resource_list resources;          // empty: as it was granted
};

// RFC 6749, 6, with rotation and reuse detection (RFC 9700, 4.14.2) and OpenID Connect Core, 12.
class refresh_token_grant {
public:
    static constexpr std::string_view name = policies::grant_types::refresh_token;
    static constexpr bool confidential_only = false;
    [[nodiscard]] static protocol_result<refresh_token_request> parse(const http::form&);

    refresh_token_grant(const clock& time, randomness& random, store::store& memory,
                        const live<jose::key_ring>& keys, sessions::current_identities& identities,
                        audit::recorder& recorder, const token_answers& answers,
                        const store::outages& outages)
        : time_(time),
          random_(random),
          memory_(memory),
          keys_(keys),
          identities_(identities),
          recorder_(recorder),
          answers_(answers),
          outages_(outages) {}

    [[nodiscard]] grant_result run(const grant_caller&, const refresh_token_request&);

private:
    template <class T>
    using outcome = boost::asio::awaitable<protocol_result<T>>;
    using done = boost::asio::awaitable<void>;

    // The family that the token may be used for. One that was used already ends its family.
    [[nodiscard]] outcome<store::token_family> find_family(const grant_caller&,
                                                           const refresh_token&);
    // What the directory says now; who has left it loses everything.
    [[nodiscard]] outcome<sessions::current_identity> find_person(const grant_caller&,
                                                                  const store::token_family&);
    // The text of the token that takes the place of this one.
    [[nodiscard]] outcome<std::string> replace(const grant_caller&, const refresh_token&,
                                               const sessions::current_identity&, instant now);
    [[nodiscard]] standing judge(const grant_caller&, const refresh_token&,
                                 const store::token_family&) const;

    [[nodiscard]] store::audit_record record_for(const grant_caller&, const store::token_family&,
                                                 audit::event, std::string_view result) const;
    void end_family(store::transaction&, const grant_caller&, const store::token_family&,
                    audit::event, std::string_view result) const;
    [[nodiscard]] done end_family(const grant_caller&, const store::token_family&, audit::event,
                                  std::string_view result);
    [[nodiscard]] done end_person(const grant_caller&, const store::token_family&);

    const clock& time_;
    randomness& random_;
    store::store& memory_;
    const live<jose::key_ring>& keys_;
    sessions::current_identities& identities_;
    audit::recorder& recorder_;
    const token_answers& answers_;
    const store::outages& outages_;
};

}  // namespace kommpass::idp::oauth
