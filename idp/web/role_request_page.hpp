#pragma once

#include <string>
#include <utility>
#include <vector>

namespace kommpass::idp::web {

struct frame;
struct role_choice {
    std::string role;
    std::string title;
};
// The roles of one application.
struct role_choices {
    std::string application;
    std::vector<role_choice> roles;
};
struct role_request_row {
    std::string id;  // empty: nothing can be done about it any more
    std::string text;
};

// Where employees ask for a role, or for a deputy, and see what became of it.
struct role_request_page {
    std::string action, csrf;
    std::string member_name;
    std::vector<std::pair<std::string, std::string>> deciders;  // name and address
    std::string problem;                                        // empty: none
    bool done = false;                                          // a request was just taken
    std::vector<role_request_row> waiting, deputies, refused;
    std::vector<role_choices> held, missing;
    // What was typed, to be shown again; `kind` is "deputy" or "own", `field` the wrong one.
    struct typed {
        std::string kind, field, role, deputy, from, until, reason;
    } again;
};
[[nodiscard]] std::string render(const frame&, const role_request_page&);

}  // namespace kommpass::idp::web
