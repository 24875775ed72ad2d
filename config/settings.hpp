#pragma once

#include "config/vocabulary/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::config {

struct listener {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8443;
    bool tls = true;                         // false only behind a proxy that ends TLS
    std::filesystem::path certificate_file;  // PEM, whole chain
    std::filesystem::path private_key_file;  // PEM
    // Asks for a client certificate, and takes whoever has none, or any: it is judged where a
    // client has to prove itself.
    bool asks_for_certificate = false;
};

// Certificates of clients (RFC 8705). Browsers are never asked for one: it is an address, or a
// header of the proxy, of its own.
struct mtls_settings {
    std::optional<listener> listen;  // none: the proxy in front ends TLS, or there is no mTLS
    std::string public_address;      // "https://mtls.pass.example"; what its endpoints begin with
    // The header, in lower case, in which a proxy of `trusted_proxies` hands the certificate on.
    std::string header;
    std::filesystem::path ca_file;  // PEM: whose certificates tls_client_auth takes

    [[nodiscard]] bool is_offered() const noexcept { return listen || !header.empty(); }
};

struct limits {
    std::size_t header_bytes = 16 * 1024;
    std::size_t body_bytes = 64 * 1024;
    std::size_t connections = 10'000;
    std::chrono::milliseconds request_timeout{10'000};  // to read one request completely
    std::chrono::milliseconds idle_timeout{60'000};     // kept connection without a request
    std::size_t waiting_store_work = 100'000;
};

struct session_settings {
    std::chrono::seconds idle{std::chrono::hours{2}};
    std::chrono::seconds absolute{std::chrono::hours{10}};
};

// Guessing is slowed: the first `free_attempts` cost nothing, each further one doubles the wait up
// to `longest_wait`.
struct throttle_settings {
    unsigned free_attempts_per_account = 4;
    unsigned free_attempts_per_address = 50;  // a town hall shares one address
    std::chrono::milliseconds first_wait{2'000};
    std::chrono::milliseconds longest_wait{std::chrono::minutes{15}};
    std::chrono::seconds forget_after{std::chrono::minutes{30}};
};

// How long the audit log keeps the content of its records; 0: for good. What goes leaves the hash
// chain whole.
struct retention_settings {
    std::chrono::seconds sign_ins{std::chrono::hours{24 * 90}};
    std::chrono::seconds tokens{std::chrono::hours{24 * 90}};
    std::chrono::seconds views{std::chrono::hours{24 * 365 * 3}};
    std::chrono::seconds administration{std::chrono::hours{24 * 365 * 10}};
};

// Where notices to administrators and to people who asked for something go.
struct mail_settings {
    std::string url;  // "smtps://mail.example" or "smtp://mail.example:587" (STARTTLS); empty: none
    std::string from;  // the sender's address
    std::string user;  // empty: the server asks for no name
    std::string password_file;
    std::string password_env;
    std::filesystem::path ca_file;  // PEM; empty: what the system trusts
};

// Where applications' servers are called: signing out by the back channel.
struct application_settings {
    // Networks that may be called although they are private, loopback, link-local or this
    // machine's own ("10.20.0.0/16").
    std::vector<std::string> allow_networks;
    std::filesystem::path ca_file;  // PEM; empty: what the system trusts
};

enum class log_format { logfmt, json };
enum class log_level { debug, info, warning, error };

struct settings {
    std::string issuer;  // https, no query, no fragment, no trailing slash
    listener listen;
    listener metrics{.address = "127.0.0.1",
                     .port = 9464,
                     .tls = false,
                     .certificate_file = {},
                     .private_key_file = {}};
    std::filesystem::path store_file = "kommpass.db";  // [store] url = "sqlite:kommpass.db"
    std::string store_url;                             // or "postgresql://..."; empty: the file
    unsigned store_write_connections = 2;              // to PostgreSQL
    unsigned store_read_connections = 4;
    std::filesystem::path key_file = "keys.json";  // [keys] file
    std::filesystem::path registry_folder;  // applied as the first revision if the store has none
    std::chrono::seconds key_rotation{std::chrono::hours{24 * 30}};  // 0: only by `keys rotate`
    limits limit;
    session_settings session;
    throttle_settings throttle;
    retention_settings retention;
    mail_settings mail;
    application_settings applications;
    // Clients may register themselves with an initial access token (RFC 7591).
    bool dynamic_registration = false;
    // So long one that did waits for approval before it is dropped; 0: for good.
    std::chrono::seconds registration_wait{std::chrono::hours{24 * 30}};
    mtls_settings mtls;
    // Every DPoP proof needs a nonce of ours (RFC 9449, 8); else only one whose time is off does.
    bool dpop_nonce = false;
    // Networks at which directories may be reached although they are this machine's own, loopback
    // or link-local ("127.0.0.0/8").
    std::vector<std::string> directory_networks;
    std::vector<std::string> trusted_proxies;  // addresses whose X-Forwarded-For is believed
    log_format format = log_format::logfmt;
    log_level level = log_level::info;
    unsigned io_threads = 0;  // 0: one for each core
    // Shown to people where they need help: "Servicestelle, Telefon 0355 ..."
    std::string help_contact;
    std::string imprint_uri;
    std::string privacy_uri;
};

// One mistake in a file: where it is, what is wrong, and the remedy.
struct mistake {
    std::filesystem::path file;
    unsigned line = 0;  // 0: the file as a whole
    std::string text;   // `unknown key "lissen"; did you mean "listen"?`

    [[nodiscard]] std::string to_string() const;  // "kommpass.toml:14: unknown key ..."
};
using mistakes = std::vector<mistake>;

// Reads and validates the whole; every mistake is reported, not the first only. Relative paths are
// taken from the file's own folder.
[[nodiscard]] result<settings, mistakes> read_settings(const std::filesystem::path& file);
[[nodiscard]] result<settings, mistakes> parse_settings(std::string_view toml,
                                                        const std::filesystem::path& file);

}  // namespace kommpass::config
