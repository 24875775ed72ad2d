#pragma once

#include "config/vocabulary/identity.hpp"
#include "config/vocabulary/live.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "directory/sign_in.hpp"
#include "idp/audit/recorder.hpp"
#include "idp/web/pages.hpp"
#include "policies/registry.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::store {
struct audit_record;
}

namespace kommpass::idp::audit {
enum class event;
}

namespace kommpass::idp::http {
struct request;
}

namespace kommpass::directory {
class member_directories;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::observe {
class log;
}

namespace kommpass::idp::login {

class throttle;

struct checked_password {
    std::optional<identity> who;  // nothing: refused, for `problem`
    web::sign_in_problem problem = web::sign_in_problem::none;
    std::chrono::seconds wait{0};  // with too_many_attempts
    bool may_change = false;       // with password_expired, password_must_change: here, through us
    std::optional<directory::grace_sign_in> grace{};  // with password_expired
};

// The first factor: the password that the member's directory knows. One I/O thread only, that of
// the directories and the recorder.
class password_factor {
public:
    password_factor(directory::member_directories& directories, throttle& throttle,
                    const live<jose::key_ring>& keys, audit::recorder& recorder, observe::log& log)
        : directories_(directories),
          throttle_(throttle),
          keys_(keys),
          recorder_(recorder),
          log_(log) {}

    [[nodiscard]] static std::vector<std::string> amr();  // {"pwd"} (RFC 8176)

    // Asks the member's directory whether the password is right; slows guessing before the
    // directory sees it, so that our lock comes before theirs, by the person and not by what was
    // typed for a name (`counted_attempt`). What a person is told never tells
    // whether a name exists; every refusal is recorded. `client`: for whom; may be empty.
    [[nodiscard]] boost::asio::awaitable<checked_password> check(const http::request&,
                                                                 const policies::member&,
                                                                 std::string user_name,
                                                                 secret_string password,
                                                                 client_id client);

private:
    [[nodiscard]] boost::asio::awaitable<checked_password> slow_down(const http::request&,
                                                                     const policies::member&,
                                                                     const client_id&,
                                                                     std::chrono::milliseconds);
    [[nodiscard]] store::audit_record refusal_record(const http::request&, const policies::member&,
                                                     const client_id&, audit::event,
                                                     std::string_view result) const;

    directory::member_directories& directories_;
    throttle& throttle_;
    const live<jose::key_ring>& keys_;
    audit::recorder& recorder_;
    observe::log& log_;
};

}  // namespace kommpass::idp::login
