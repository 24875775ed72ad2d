#pragma once

#include <string>
#include <vector>

namespace kommpass::config {
struct settings;
}
namespace kommpass::policies {
struct client;
}

// Whether a client could work with this service: what it breaks of its profile's demands, what its
// way of proving itself needs, and what to change. For `kommpass client test`.
namespace kommpass::idp::oauth {

struct client_finding {
    enum class level { ok, failure };
    level how;
    std::string subject;  // "authentication", "keys", "profile fapi2: id_token_alg"
    std::string text;
    std::string remedy;  // empty where there is nothing to change
};

// The client's key set, from the registry or from its `jwks_uri`, as JSON; or why there is none.
struct shown_keys {
    std::string json;
    std::string trouble;  // empty: there is one, or none is needed
};

// Pure.
[[nodiscard]] std::vector<client_finding> diagnose_client(const policies::client&,
                                                          const config::settings&,
                                                          const shown_keys&);

// Whether `diagnose_client` asks for the keys of this client.
[[nodiscard]] bool needs_keys(const policies::client&) noexcept;

}  // namespace kommpass::idp::oauth
