#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/directory_settings.hpp"
#include "directory/diagnosis/report.hpp"
#include "directory/permitted_addresses.hpp"

#include <string>
#include <vector>

namespace kommpass::directory::diagnosis {

// A certificate that a server has shown, for a person to compare and confirm.
struct seen_certificate {
    std::string subject;
    std::string issuer;
    std::string from;  // "2026-01-01"
    std::string until;
    std::string sha256;  // of its DER, "AB:CD:..."
    bool is_authority = false;
    std::string pem;
};

// Name resolution, TCP and TLS to one server of a member, step by step, with its certificates; in
// the words of OpenSSL, which tells more of why than libldap does. Blocks, each step up to
// `connect_timeout`. True if nothing stands in the way of a bind. `chain`: takes what
// the server has shown, its own certificate first.
[[nodiscard]] bool probe_server(const directory_settings&, const std::string& url,
                                const permitted_addresses&, const clock&, report&,
                                std::vector<seen_certificate>* chain = nullptr);

}  // namespace kommpass::directory::diagnosis
