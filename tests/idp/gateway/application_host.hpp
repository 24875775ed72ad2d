#pragma once

#include "tests/support/test_idp.hpp"

#include <map>
#include <string>

namespace kommpass::tests {

inline constexpr auto akten = "akten.example.org";    // of the application dms
inline constexpr auto postfach = "post.example.org";  // of the application groupware

// Gives dms and groupware a gateway: dms with an open path, one for a role of its own that nobody
// has, and one that only a stronger sign-in reaches.
void open_gateways(test_idp&);

// A browser at an application's host behind a proxy, with the cookies that it keeps there; at the
// service's own address it is the browser of the `test_idp`.
class application_host {
public:
    application_host(test_idp& idp, std::string host) : idp_(idp), host_(std::move(host)) {}

    // What the proxy asks about a request of this browser; `more` header lines come from it too.
    answer check(const std::string& uri, const fields& more = {}, const std::string& method = "GET",
                 const std::string& answers = {});
    // What the proxy hands through: "/.kommpass/...".
    answer handed(const std::string& uri, const fields& more = {});
    // The same for an address of this host ("https://akten.example.org/.kommpass/...").
    answer follow(const std::string& address);
    // From a redirect of `check` through the sign-in to the callback's address, which is not asked
    // for yet.
    std::string way_back(const answer& kept_out, const std::string& user = "anna.noack",
                         const std::string& password = "Spreewald-7");
    // The whole way; gives the callback's answer.
    answer sign_in(const std::string& uri, const std::string& user = "anna.noack",
                   const std::string& password = "Spreewald-7");

    std::map<std::string, std::string> cookies;

private:
    answer ask(const std::string& path, const std::string& query, const fields& forwarded,
               const fields& more);

    test_idp& idp_;
    std::string host_;
};

}  // namespace kommpass::tests
