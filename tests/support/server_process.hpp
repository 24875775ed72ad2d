#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

// What the fixtures that run real servers share.
namespace kommpass::tests {

// A child process that ends with this test, however that ends. Its output goes to `log` if one is
// named, else nowhere.
[[nodiscard]] pid_t spawn(const std::vector<std::string>& words,
                          const std::filesystem::path& log = {});
// Runs to the end; throws std::runtime_error with the words and the log where it fails.
void run(const std::vector<std::string>& words, const std::filesystem::path& log = {});

// Stops a child in its tracks, and returns when it stands still.
void suspend(pid_t child);

// A fresh folder below the system's for temporary files.
[[nodiscard]] std::filesystem::path fresh_folder(const std::string& kind);

// A port on 127.0.0.1 that nobody listens on now.
[[nodiscard]] std::uint16_t free_port();

// True once a server there has answered an anonymous bind (RFC 4511, 4.2).
[[nodiscard]] bool answers_ldap(const std::string& address, std::uint16_t port);

// Waits until it does; throws if `server` ends before.
void await_ldap(pid_t server, const std::string& address, std::uint16_t port,
                const std::filesystem::path& log = {});

}  // namespace kommpass::tests
