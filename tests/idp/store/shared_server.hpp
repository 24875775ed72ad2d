#pragma once

#include "tests/support/postgresql_server.hpp"

namespace kommpass::tests {

// One server for all tests of a program; each makes a database of its own.
inline postgresql_server& server() {
    static postgresql_server one;
    return one;
}

}  // namespace kommpass::tests
