#pragma once

#include "config/vocabulary/language.hpp"
#include "config/vocabulary/live.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/oauth/authorization_request.hpp"
#include "idp/oauth/way_out.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kommpass::idp::web {
struct error_page;
struct frame;
}  // namespace kommpass::idp::web

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass {
class clock;
class randomness;
}  // namespace kommpass
namespace kommpass::config {
struct settings;
}
namespace kommpass::idp::audit {
class recorder;
}
namespace kommpass::idp::login {
struct appearance;
struct beginning;
class sign_in_pages;
}  // namespace kommpass::idp::login
namespace kommpass::idp::sessions {
struct browser;
struct signed_in;
class single_sign_on;
}  // namespace kommpass::idp::sessions
namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::oauth {

inline constexpr std::string_view authorize_purpose = "authorize";

// How the sign-in for an authorization request begins. `present`: who is signed in; may be null.
[[nodiscard]] login::beginning beginning_of(const authorization_request&,
                                            const sessions::signed_in* present);
// What the sign-in pages show for it.
[[nodiscard]] login::appearance appearance_of(const authorization_request&);

// Whether the person has already been asked to consent in this very transaction.
enum class consent_answer { not_asked, given };

// How an authorization begins: by its request, or anew from a page that was too old or of another
// browser, with the name that was typed there.
struct begun {
    bool anew = false;
    std::string user_name{};
};

// Tells somebody who may not use an application for want of a role what they can do about it. The
// employee's own pages know (`account/`).
class missing_role_help {
public:
    virtual ~missing_role_help() = default;
    virtual void add_to(web::error_page&, const policies::snapshot&, const policies::application&,
                        const sessions::signed_in&, language) const = 0;
};

// What the steps of an authorization work with. All of one I/O thread; outlives the flow.
struct authorization_parts {
    const config::settings& settings;
    const clock& time;
    randomness& random;
    store::store& memory;
    const live<jose::key_ring>& keys;
    audit::recorder& recorder;
    sessions::single_sign_on& sso;
    const login::sign_in_pages& pages;
    const missing_role_help& missing_role;
};

class authorization_flow {
public:
    using answered = boost::asio::awaitable<http::response>;
    using response_fields = std::vector<std::pair<std::string, std::string>>;

    explicit authorization_flow(authorization_parts parts) : parts_(parts) {}

    // With a session, straight to what follows; without one, or where the request asks for a new
    // sign-in, to the sign-in page.
    [[nodiscard]] answered begin(const http::request&, const sessions::browser&,
                                 const authorization_request&, begun, way_out);

    // What follows once the person is known: may they use the application, must they be asked, then
    // the code; or the sign-in anew, where it was longer ago than the request allows. Stores a new
    // session, the code and their records in one durable step.
    [[nodiscard]] answered finish(const http::request&, const sessions::browser&,
                                  const authorization_request&, sessions::signed_in, consent_answer,
                                  way_out);

    // Whether a sign-in of this interaction is not older than the request allows.
    [[nodiscard]] bool is_recent_enough(const authorization_request&,
                                        const sessions::signed_in&) const;

    // Records what the person answered, and goes on accordingly.
    [[nodiscard]] answered take_consent(const http::request&, const sessions::browser&,
                                        const authorization_request&, sessions::signed_in,
                                        bool allowed);

    // The error page for a request whose client or redirect URI is not proven.
    [[nodiscard]] answered refuse_with_page(const http::request&, const refused_with_page&);

    // The error that goes back to the client, recorded: of a request that could not be read, and of
    // one that was right so far.
    [[nodiscard]] answered refuse_to_client(const http::request&, const refused_to_client&,
                                            way_out);
    [[nodiscard]] answered refuse(const http::request&, const sessions::browser&,
                                  const authorization_request&, const refused_to_client&, way_out);

    // These parameters to the client. Where a form is answered: first a redirect to a page of ours
    // that carries them (`login::next_page`), and is given to `carried_answer` there.
    [[nodiscard]] http::response answer(const http::request&, const sessions::browser&,
                                        const authorization_request&, response_fields,
                                        way_out) const;
    [[nodiscard]] http::response carried_answer(const http::request&, const authorization_request&,
                                                std::string_view encoded) const;

    [[nodiscard]] const std::string& issuer() const noexcept;

private:
    [[nodiscard]] http::response to_client(const response_target&, response_fields,
                                           const web::frame&, way_out) const;
    [[nodiscard]] bool must_sign_in_again(const authorization_request&,
                                          const sessions::signed_in&) const;
    [[nodiscard]] boost::asio::awaitable<void> record(const http::request&,
                                                      const refused_to_client&);

    authorization_parts parts_;
};

// A refusal of a request that was right so far.
[[nodiscard]] refused_to_client refusal_of(const authorization_request&, std::string_view error,
                                           std::string_view description);

}  // namespace kommpass::idp::oauth
