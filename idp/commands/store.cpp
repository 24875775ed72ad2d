#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/store/copy_store.hpp"

#include <unistd.h>

#include <iostream>

namespace kommpass::idp::commands {

int store_copy(const std::string& from, const std::string& to) {
    const bool is_terminal = ::isatty(STDERR_FILENO) == 1;
    const auto tell = [&](const std::string& table, std::uint64_t rows) {
        std::cerr << (is_terminal ? "\r\033[K" : "") << table << ": " << rows << " rows"
                  << (is_terminal ? "" : "\n") << std::flush;
    };
    const auto copied = store::copy_store(from, to, tell);
    if (is_terminal) std::cerr << "\r\033[K";
    if (!copied) return refuse(copied.error());
    std::uint64_t rows = 0;
    for (const auto& one : *copied) {
        rows += one.rows;
        std::cout << one.name << ": " << one.rows << " rows, SHA-256 " << one.digest << '\n';
    }
    std::cout << rows << " rows, the same on both sides\n";
    return 0;
}

}  // namespace kommpass::idp::commands
