#include "config/settings.hpp"

#include "config/toml_section.hpp"
#include "config/vocabulary/network.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace kommpass::config {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

fs::path below(const fs::path& folder, const std::string& name) {
    if (name.empty()) return {};
    return fs::path(name).is_absolute() ? fs::path(name) : folder / name;
}

void read_path(toml_section& section, std::string_view key, fs::path& value,
               const fs::path& folder) {
    std::string text = value.string();
    section.read(key, text);
    value = below(folder, text);
}

void read_listener(toml_section& root, std::string_view name, listener& value,
                   const fs::path& folder) {
    auto section = root.section(name);
    if (!section) return;
    section->read("address", value.address);
    section->read<std::uint16_t>("port", value.port, 0, 65535);
    section->read("tls", value.tls);
    read_path(*section, "certificate_file", value.certificate_file, folder);
    read_path(*section, "private_key_file", value.private_key_file, folder);
    if (value.tls && (value.certificate_file.empty() || value.private_key_file.empty())) {
        section->mistake("tls",
                         "TLS needs certificate_file and private_key_file; only behind a proxy "
                         "that ends TLS: tls = false");
    }
    section->no_more_keys();
}

void read_store(toml_section& root, settings& value, const fs::path& folder) {
    auto section = root.section("store");
    if (!section) return;
    std::string url = "sqlite:" + value.store_file.string();
    section->read("url", url);
    constexpr std::string_view scheme = "sqlite:";
    const bool is_postgresql = url.starts_with("postgresql://") || url.starts_with("postgres://");
    if (is_postgresql) {
        value.store_url = url;  // its keywords are libpq's: the store reads them
        section->read<unsigned>("write_connections", value.store_write_connections, 1, 16);
        section->read<unsigned>("read_connections", value.store_read_connections, 1, 64);
    } else if (!url.starts_with(scheme) || url.size() == scheme.size()) {
        section->mistake("url",
                         "unknown store; known are \"sqlite:<file>\" and "
                         "\"postgresql://<host>/<database>\"");
    } else {
        value.store_file = below(folder, url.substr(scheme.size()));
    }
    section->no_more_keys();
}

void read_keys(toml_section& root, settings& value, const fs::path& folder) {
    auto section = root.section("keys");
    if (!section) return;
    read_path(*section, "file", value.key_file, folder);
    section->read<std::chrono::seconds>("rotation", value.key_rotation, 0s, 24h * 3650);
    section->no_more_keys();
}

void read_registry(toml_section& root, settings& value, const fs::path& folder) {
    auto section = root.section("registry");
    if (!section) return;
    read_path(*section, "folder", value.registry_folder, folder);
    section->no_more_keys();
}

void read_limits(toml_section& root, limits& value) {
    auto section = root.section("limits");
    if (!section) return;
    // A token of ours, with the fields and parameters beside it, is taken whatever stands here.
    constexpr std::size_t room_for_a_token = 16 * 1024;
    section->read_size("header", value.header_bytes, room_for_a_token, 1024 * 1024);
    section->read_size("body", value.body_bytes, room_for_a_token, 16 * 1024 * 1024);
    section->read<std::size_t>("connections", value.connections, 1, 1'000'000);
    section->read<std::chrono::milliseconds>("request_timeout", value.request_timeout, 100ms,
                                             10min);
    section->read<std::chrono::milliseconds>("idle_timeout", value.idle_timeout, 100ms, 24h);
    section->read<std::size_t>("waiting_store_work", value.waiting_store_work, 16, 10'000'000);
    section->no_more_keys();
}

void read_session(toml_section& root, session_settings& value) {
    auto section = root.section("session");
    if (!section) return;
    section->read<std::chrono::seconds>("idle", value.idle, 1min, 24h * 30);
    section->read<std::chrono::seconds>("absolute", value.absolute, 1min, 24h * 30);
    if (value.idle > value.absolute)
        section->mistake("idle", "\"idle\" must not be longer than \"absolute\"");
    section->no_more_keys();
}

void read_throttle(toml_section& root, throttle_settings& value) {
    auto section = root.section("throttle");
    if (!section) return;
    section->read<unsigned>("free_attempts_per_account", value.free_attempts_per_account, 1, 1000);
    section->read<unsigned>("free_attempts_per_address", value.free_attempts_per_address, 1,
                            100'000);
    section->read<std::chrono::milliseconds>("first_wait", value.first_wait, 100ms, 1h);
    section->read<std::chrono::milliseconds>("longest_wait", value.longest_wait, 100ms, 24h);
    section->read<std::chrono::seconds>("forget_after", value.forget_after, 1s, 24h * 7);
    section->no_more_keys();
}

void read_retention(toml_section& root, retention_settings& value) {
    auto section = root.section("retention");
    if (!section) return;
    for (const auto& [key, period] : {std::pair{"sign_ins", &value.sign_ins},
                                      {"tokens", &value.tokens},
                                      {"views", &value.views},
                                      {"administration", &value.administration}}) {
        section->read<std::chrono::seconds>(key, *period, 0s, 24h * 36500);
        if (period->count() != 0 && *period < 24h)
            section->mistake(key,
                             std::string(key) + " must be \"1d\" or more, or \"0s\": for good");
    }
    section->no_more_keys();
}

void read_mail(toml_section& root, mail_settings& value, const fs::path& folder) {
    auto section = root.section("mail");
    if (!section) return;
    section->read("url", value.url);
    section->read("from", value.from);
    section->read("user", value.user);
    section->read("password_file", value.password_file);
    section->read("password_env", value.password_env);
    read_path(*section, "ca_file", value.ca_file, folder);
    section->no_more_keys();
    if (value.url.empty()) return;
    if (!value.url.starts_with("smtps://") && !value.url.starts_with("smtp://"))
        section->mistake("url", "url must begin with smtps:// or smtp://");
    const auto at = value.from.find('@');
    const bool sound = std::all_of(value.from.begin(), value.from.end(), [](char c) {
        return c > ' ' && c < 0x7f && c != '<' && c != '>';
    });
    if (at == std::string::npos || at == 0 || at + 1 == value.from.size() || !sound)
        section->mistake("from", "\"from\" must be the sender's address: kommpass@example.org");
    if (!value.user.empty() && value.password_file.empty() && value.password_env.empty())
        section->mistake("user", "\"user\" needs \"password_file\" or \"password_env\"");
}

void read_log(toml_section& root, settings& value) {
    auto section = root.section("log");
    if (!section) return;
    section->read_word<log_format>("format", value.format,
                                   {{"logfmt", log_format::logfmt}, {"json", log_format::json}});
    section->read_word<log_level>("level", value.level,
                                  {{"debug", log_level::debug},
                                   {"info", log_level::info},
                                   {"warning", log_level::warning},
                                   {"error", log_level::error}});
    section->no_more_keys();
}

void read_networks(toml_section& section, std::vector<std::string>& networks) {
    section.read("allow_networks", networks);
    for (const auto& one : networks) {
        if (!network::parse(one))
            section.mistake("allow_networks",
                            "\"" + one + "\" is no network; write \"127.0.0.0/8\" or \"::1\"");
    }
}

void read_directories(toml_section& root, settings& value) {
    auto section = root.section("directories");
    if (!section) return;
    read_networks(*section, value.directory_networks);
    section->no_more_keys();
}

void read_applications(toml_section& root, application_settings& value, const fs::path& folder) {
    auto section = root.section("applications");
    if (!section) return;
    read_networks(*section, value.allow_networks);
    read_path(*section, "ca_file", value.ca_file, folder);
    section->no_more_keys();
}

void read_registration(toml_section& root, settings& value) {
    auto section = root.section("registration");
    if (!section) return;
    section->read("dynamic", value.dynamic_registration);
    auto& wait = value.registration_wait;
    section->read<std::chrono::seconds>("wait", wait, 0s, 24h * 3650);
    if (wait.count() != 0 && wait < 24h)
        section->mistake("wait", "\"wait\" must be \"1d\" or more, or \"0s\": for good");
    section->no_more_keys();
}

// Where the certificates of clients come from: an address of its own, or a proxy's header.
void read_mtls(toml_section& root, settings& value, const fs::path& folder) {
    auto section = root.section("mtls");
    if (!section) return;
    auto& mtls = value.mtls;
    if (section->has("port")) {
        auto& own = mtls.listen.emplace(value.listen);
        own.asks_for_certificate = true;
        own.tls = true;
        section->read("address", own.address);
        section->read<std::uint16_t>("port", own.port, 0, 65535);
        read_path(*section, "certificate_file", own.certificate_file, folder);
        read_path(*section, "private_key_file", own.private_key_file, folder);
        if (own.certificate_file.empty() || own.private_key_file.empty())
            section->mistake("port",
                             "needs certificate_file and private_key_file, here or in "
                             "[listen]");
    }
    section->read("public_address", mtls.public_address);
    section->read("header", mtls.header);
    read_path(*section, "ca_file", mtls.ca_file, folder);
    std::transform(mtls.header.begin(), mtls.header.end(), mtls.header.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (!mtls.header.empty() && value.trusted_proxies.empty())
        section->mistake("header", "is believed from trusted_proxies alone, and there are none");
    if (!mtls.is_offered())
        section->mistake("port",
                         "[mtls] needs a port of its own, or the header in which the proxy "
                         "hands the certificate on");
    if (!mtls.public_address.starts_with("https://") || mtls.public_address.ends_with('/') ||
        mtls.public_address.find_first_of("?#@ ") != std::string::npos)
        section->mistake("public_address",
                         "must be an https address without query, fragment and slash at its end: "
                         "what clients with certificates call, \"https://mtls.pass.example\"");
    section->no_more_keys();
}

void read_dpop(toml_section& root, settings& value) {
    auto section = root.section("dpop");
    if (!section) return;
    section->read("require_nonce", value.dpop_nonce);
    section->no_more_keys();
}

void read_help(toml_section& root, settings& value) {
    auto section = root.section("help");
    if (!section) return;
    section->read("contact", value.help_contact);
    section->read("imprint_uri", value.imprint_uri);
    section->read("privacy_uri", value.privacy_uri);
    for (const auto& [key, uri] :
         {std::pair{"imprint_uri", value.imprint_uri}, {"privacy_uri", value.privacy_uri}}) {
        if (!uri.empty() && !uri.starts_with("https://"))
            section->mistake(key, std::string(key) + " must begin with https://");
    }
    section->no_more_keys();
}

// A path below which the service lies is one that everybody reads alike, and that cannot be taken
// for a page of ours behind a proxy that takes it off.
bool is_sound_path(std::string_view path) {
    constexpr std::array<std::string_view, 18> own{
        "authorize",  "token",   "userinfo", "introspect", "revoke",  "end-session",
        "sign-out",   "sign-in", "account",  "api",        "console", "break-glass",
        "invitation", "jwks",    "static",   "healthz",    "readyz",  ".well-known"};
    for (bool first = true; !path.empty(); first = false) {
        path.remove_prefix(1);
        const auto segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        const bool plain = std::all_of(segment.begin(), segment.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   std::string_view("-._~").find(c) != std::string_view::npos;
        });
        if (segment.empty() || segment == "." || segment == ".." || !plain) return false;
        if (first && std::find(own.begin(), own.end(), segment) != own.end()) return false;
    }
    return true;
}

// The issuer stands byte for byte in every token (OpenID Connect Discovery 1.0, 3).
void judge_issuer(toml_section& root, const std::string& issuer) {
    constexpr std::string_view scheme = "https://";
    if (issuer.empty())
        return root.mistake(
            "issuer",
            "\"issuer\" is missing: the address of this service, such as \"https://pass.example\"");
    const bool right =
        issuer.starts_with(scheme) && issuer.size() > scheme.size() &&
        issuer.find_first_of("?#") == std::string::npos && issuer.back() != '/' &&
        std::all_of(issuer.begin(), issuer.end(), [](char c) { return c > ' ' && c < 0x7f; }) &&
        std::none_of(issuer.begin(), std::find(issuer.begin() + 8, issuer.end(), '/'),
                     [](char c) { return c >= 'A' && c <= 'Z'; });
    if (right && !is_sound_path(std::string_view(issuer).substr(
                     std::min(issuer.find('/', scheme.size()), issuer.size())))) {
        root.mistake(
            "issuer",
            "the path of \"issuer\" must be of letters, digits, '-', '.', '_' and '~', and "
            "must not begin with an address of the service such as \"/account\"");
    }
    if (!right) {
        root.mistake("issuer",
                     "\"issuer\" must begin with https://, its host in lower case, without query, "
                     "fragment and "
                     "final slash");
    }
}

}  // namespace

result<settings, mistakes> parse_settings(std::string_view toml, const fs::path& file) {
    mistakes wrong;
    settings value;
    const auto folder = file.parent_path();
    value.store_file = below(folder, value.store_file.string());
    value.key_file = below(folder, value.key_file.string());
    {
        auto root = toml_section::parse(toml, file.string(), wrong);
        if (!wrong.empty()) return wrong;
        root.read("issuer", value.issuer);
        judge_issuer(root, value.issuer);
        root.read<unsigned>("io_threads", value.io_threads, 0, 256);
        root.read("trusted_proxies", value.trusted_proxies);
        read_listener(root, "listen", value.listen, folder);
        read_listener(root, "metrics", value.metrics, folder);
        if (!root.has("listen"))
            root.mistake(
                "listen",
                "[listen] is missing: address, port, certificate_file and private_key_file");
        read_store(root, value, folder);
        read_keys(root, value, folder);
        read_registry(root, value, folder);
        read_limits(root, value.limit);
        read_session(root, value.session);
        read_throttle(root, value.throttle);
        read_retention(root, value.retention);
        read_mail(root, value.mail, folder);
        read_log(root, value);
        read_directories(root, value);
        read_applications(root, value.applications, folder);
        read_registration(root, value);
        read_mtls(root, value, folder);
        read_dpop(root, value);
        read_help(root, value);
        root.no_more_keys();
    }
    if (!wrong.empty()) return wrong;
    return value;
}

result<settings, mistakes> read_settings(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return mistakes{
            {file, 0,
             "cannot be read; give the settings file with --config, or set KOMMPASS_CONFIG"}};
    }
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    return parse_settings(text, file);
}

}  // namespace kommpass::config
