#pragma once

#include "config/vocabulary/live.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "directory/sign_in.hpp"
#include "idp/web/pages.hpp"
#include "policies/registry.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::http {
class form;
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass::idp::audit {
class recorder;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::observe {
class log;
}

// New passwords, set in the member's own directory.
namespace kommpass::idp::login {

class throttle;

struct wanted_password {
    std::string user_name;
    secret_string old_password;
    secret_string new_password;
    secret_string repeated;
    std::string connection{};  // of the grace sign-in before; may be empty

    // Takes the fields of the password page, and wipes them in the form.
    [[nodiscard]] static wanted_password from(http::form&, std::string user_name);
};

// What was wrong, as the page says it.
struct refused_password {
    web::password_page::message why = web::password_page::message::unavailable;
    std::string server_message;
    std::optional<directory::grace_sign_in> grace{};  // what the next attempt runs over
};

// One I/O thread only, that of the directories and the recorder.
class password_change {
public:
    password_change(directory::member_directories& directories, throttle& throttle,
                    const live<jose::key_ring>& keys, audit::recorder& recorder, observe::log& log)
        : directories_(directories),
          throttle_(throttle),
          keys_(keys),
          recorder_(recorder),
          log_(log) {}

    // Changes the password in the directory, which checks the old one; slows guessing as a sign-in
    // does; records how it ended. Nothing: it is done.
    [[nodiscard]] boost::asio::awaitable<std::optional<refused_password>> run(
        const http::request&, const policies::member&, wanted_password);

private:
    [[nodiscard]] boost::asio::awaitable<void> record(const http::request&, const policies::member&,
                                                      std::string_view result);

    directory::member_directories& directories_;
    throttle& throttle_;
    const live<jose::key_ring>& keys_;
    audit::recorder& recorder_;
    observe::log& log_;
};

// The page with the member's name on it, in this language; whoever shows it fills in the rest.
[[nodiscard]] web::password_page password_page_for(const policies::member&, web::language);
// The page with the status of what it says.
[[nodiscard]] http::response password_answer(const web::frame&, const web::password_page&);

}  // namespace kommpass::idp::login
