#pragma once

#include "idp/web/pages.hpp"

#include <string>
#include <vector>

// What a person sees who answers a device (RFC 8628, 3.3): the code, what they are about to allow,
// and that it is done.
namespace kommpass::idp::web {

struct device_code_page {
    enum class problem { none, unknown, too_many };
    std::string user_code;         // as it was typed
    problem what = problem::none;  // unknown: no device waits under it
    std::string person_name;
};

// What is going to be signed in, and where it was asked from: the defence against a code that
// somebody else sent (RFC 8628, 5.4).
struct device_question_page {
    std::string transaction, csrf;
    std::string user_code;  // "BCDF-GHJK"
    std::string application;
    std::string asked_from;  // the device's address
    std::string asked_at;    // formatted, local time
    std::vector<std::string> scopes;
    std::string person_name;
};

struct device_done_page {
    bool allowed = false;
};

[[nodiscard]] std::string render(const frame&, const device_code_page&);
[[nodiscard]] std::string render(const frame&, const device_question_page&);
[[nodiscard]] std::string render(const frame&, const device_done_page&);

}  // namespace kommpass::idp::web
