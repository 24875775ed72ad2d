#pragma once

#include "config/vocabulary/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kommpass::idp::store::postgresql {

// One server of the address, as libpq wants it: keyword and value.
struct server {
    std::string name;  // "10.1.2.3:5432" or "/run/postgresql:5432"; for messages
    std::vector<std::pair<std::string, std::string>> parameters;
};

// Where the database is: postgresql://[user@]host[:port][,host2[:port2]]/database[?keyword=value].
struct address {
    std::vector<server> servers;
    std::string shown;  // the URL, which holds nothing secret; for messages and logs
};

// Reads such a URL. Keywords are libpq's (sslrootcert, sslcert, sslkey, passfile, hostaddr, ...).
// Refused, with a sentence for the operator: a password in the URL, which would stand in logs and
// process lists; a server on another machine without `sslmode=verify-full`, which is what is taken
// where no sslmode is given; what libpq does not know.
[[nodiscard]] result<address, std::string> read_address(std::string_view url);

}  // namespace kommpass::idp::store::postgresql
