#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/directory_settings.hpp"
#include "directory/diagnosis/report.hpp"
#include "directory/line/server_certificate.hpp"

#include <string>
#include <vector>

namespace kommpass::directory {
class address_book;
}

namespace kommpass::directory::diagnosis {

using directory::seen_certificate;

// One server of a member as the service would reach it, step by step and at each of its addresses:
// name, TCP, and TLS with its certificates. Every step is the service's own. What is wrong with one
// address is a warning where another one works. Blocks, up to `connect_timeout` for each address.
// True if one of them works. `chain`: takes what the server has shown, its own certificate first.
[[nodiscard]] bool probe_server(const directory_settings&, const std::string& url,
                                const address_book&, const clock&, report&,
                                std::vector<seen_certificate>* chain = nullptr);

// The same, with the service account's bind and a first question.
[[nodiscard]] bool probe_server_and_account(const directory_settings&, const std::string& url,
                                            const address_book&, const clock&, report&);

}  // namespace kommpass::directory::diagnosis
