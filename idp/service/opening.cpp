#include "idp/service/opening.hpp"

#include "config/secret_source.hpp"
#include "idp/http/forwarded.hpp"
#include "idp/http/own_certificate.hpp"
#include "idp/jose/key_file.hpp"
#include "idp/oauth/certificate_authentication.hpp"
#include "idp/registry/directories_of.hpp"
#include "idp/registry/registry_folder.hpp"
#include "idp/service/named_files.hpp"
#include "idp/store/open_store.hpp"
#include "policies/registry_files.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>

namespace kommpass::idp::service {
namespace {

namespace fs = std::filesystem;

std::string without_store(const config::settings& settings) {
    return "the store " + place_of_store(settings).shown() +
           " is missing or empty, but there is a key file: restore the store from a backup; if a "
           "new one is meant, with none of the people and registry of the old one: `kommpass serve "
           "--new-store`";
}

std::string without_keys(const config::settings& settings) {
    return "the key file " + settings.key_file.string() +
           " is missing, but the store has been used: restore it from a backup; if a new one is "
           "meant, with other subjects for everybody and no sealed passwords: `kommpass serve "
           "--new-keys`";
}

bool is_missing(const fs::path& file) {
    std::error_code error;
    return !fs::exists(file, error) && !error;
}

// One look at everything, from the ground up.
class looking {
public:
    looking(const config::settings& settings, instant now, opening_options meant)
        : settings_(settings), now_(now), meant_(meant) {}

    std::vector<opening_finding> found() {
        look_at_listener("listen", settings_.listen, http::host_of(settings_.issuer));
        look_at_listener("metrics", settings_.metrics, {});
        look_at_client_certificates();
        try {
            (void)http::trusted_proxies(settings_.trusted_proxies);
        } catch (const std::runtime_error& wrong) {
            fault(wrong.what());
        }
        look_at_keys();
        look_at_store();
        look_at_folder();
        if (in_force_) look_at_members(*in_force_);
        if (in_force_) look_at_gateways(*in_force_);
        look_at_mail();
        return std::move(found_);
    }

private:
    void look_at_client_certificates() {
        if (settings_.mtls.listen)
            look_at_listener("mtls", *settings_.mtls.listen,
                             http::host_of(settings_.mtls.public_address));
        try {
            (void)oauth::client_authorities(settings_.mtls.ca_file);
        } catch (const std::runtime_error& wrong) {
            fault(wrong.what());
        }
    }

    void look_at_listener(const std::string& name, const config::listener& listener,
                          const std::string& host) {
        if (!is_ip_address(listener.address))
            fault("[" + name + "] address: \"" + listener.address +
                  "\" is no IP address; write \"0.0.0.0\", \"::\" or one of this machine's");
        const auto own = http::judge_own_certificate(listener, host, now_);
        for (const auto& one : own.faults) {
            if (one.id == "not_usable")
                fault(one.text);
            else
                weakness(one.text);
        }
    }

    void look_at_keys() {
        const auto& file = settings_.key_file;
        const auto sealing = jose::read_sealing_key_file(file.string());
        if (!sealing) return fault(sealing.error().message);
        keys_in_store_ = sealing->has_value();
        has_keys_ = keys_in_store_;
        if (keys_in_store_) return;  // this file never changes, and opens them when they are read
        auto keys = jose::read_key_file(file.string());
        if (!keys) return fault(keys.error().message);
        has_keys_ = keys->has_value();
        if (has_keys_) keys_ = jose::ring_of(std::move(**keys), now_);
        const auto folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
        // Rotation writes it anew beside itself.
        if (::access(folder.c_str(), W_OK | X_OK) != 0)
            fault(file.string() + ": cannot be written: " + folder.string() + ": " +
                  std::strerror(errno) + "; the service's user must own the folder");
    }

    void look_at_store() {
        const auto store = store::look_at_store(place_of_store(settings_));
        if (!store) return fault(store.error());
        if (!store->weakness.empty()) weakness(store->weakness);
        if (store->begins_anew && has_keys_ && !meant_.new_store) fault(without_store(settings_));
        if (store->revision > 0 && !has_keys_ && is_missing(settings_.key_file) && !meant_.new_keys)
            fault(without_keys(settings_));
        if (store->revision == 0) return;
        auto documents = policies::from_json(store->documents_json);
        const auto revision = "revision " + std::to_string(store->revision) + " of the registry ";
        if (!documents) return fault(revision + "cannot be read: " + documents.error());
        const auto compiled = policies::compile_stored(*documents, store->revision);
        if (!compiled) {
            for (const auto& one : compiled.error())
                fault(revision + "does not compile: " + one.to_string());
        }
        in_force_ = std::move(*documents);
    }

    // Read by `serve` for the first revision only; what is wrong with it later is a weakness.
    void look_at_folder() {
        if (settings_.registry_folder.empty()) return;
        const auto how = in_force_ ? gravity::weakness : gravity::fault;
        const auto sources = registry::read_folder(settings_.registry_folder);
        if (!sources) return say_all(how, sources.error());
        auto documents = policies::read_registry(*sources);
        if (!documents) return say_all(how, documents.error());
        const auto compiled = policies::compile(*documents, 1);
        if (!compiled) say_all(how, compiled.error());
        if (!in_force_) in_force_ = std::move(*documents);
    }

    // One member's missing file must not keep the others' people out.
    void look_at_members(const policies::registry& all) {
        for (const auto& [slug, member] : all.members) {
            if (!member.active) continue;
            for (const auto& wrong : wrong_files_of(member.directory))
                weakness("members/" + slug.str() + ": " + wrong);
            if (!opens(member))
                weakness("members/" + slug.str() +
                         ": the directory's sealed password was sealed with another key file; "
                         "restore that, or enter the password anew in the console");
        }
    }

    // Their proxies are believed only where they are named, and nobody gets in otherwise.
    void look_at_gateways(const policies::registry& all) {
        for (const auto& [key, application] : all.applications) {
            const auto& hosts = application.gateway.hosts;
            const auto own = http::host_of(settings_.issuer);
            if (!hosts.empty() && settings_.trusted_proxies.empty())
                weakness("applications/" + key.str() +
                         ": [gateway] is asked by a proxy, and trusted_proxies names none: nobody "
                         "gets into the application");
            for (const auto& host : hosts) {
                if (host.substr(0, host.find(':')) == own)
                    weakness("applications/" + key.str() + ": [gateway] host \"" + host +
                             "\" is this service's own: an application needs a host of its own, "
                             "since browsers keep cookies by host");
            }
        }
    }

    [[nodiscard]] bool opens(const policies::member& member) const {
        if (member.directory.bind_password_sealed.empty() || keys_in_store_) return true;
        if (keys_ == nullptr) return false;
        return registry::opened_directory(*keys_, member).bind_password.value != nullptr;
    }

    void look_at_mail() {
        const auto& mail = settings_.mail;
        if (mail.url.empty()) return;
        if (!mail.user.empty()) {
            const auto password = config::read_secret(mail.password_file, mail.password_env);
            if (!password) weakness("[mail] " + password.error().message);
        }
        if (const auto wrong = wrong_with_authorities(mail.ca_file.string()); !wrong.empty())
            weakness("[mail] ca_file: " + wrong);
    }

    void fault(std::string text) { found_.push_back({gravity::fault, std::move(text)}); }
    void weakness(std::string text) { found_.push_back({gravity::weakness, std::move(text)}); }
    void say_all(gravity how, const config::mistakes& wrong) {
        for (const auto& one : wrong) found_.push_back({how, one.to_string()});
    }

    const config::settings& settings_;
    instant now_;
    opening_options meant_;
    bool has_keys_ = false;
    bool keys_in_store_ = false;
    jose::key_ring_ptr keys_;
    std::optional<policies::registry> in_force_;
    std::vector<opening_finding> found_;
};

}  // namespace

store::store_place place_of_store(const config::settings& settings) {
    return {settings.store_file, settings.store_url, settings.store_write_connections,
            settings.store_read_connections};
}

std::vector<opening_finding> look_at_everything(const config::settings& settings, instant now,
                                                opening_options meant) {
    return looking(settings, now, meant).found();
}

std::string missing_half(const config::settings& settings, opening_options meant) {
    const auto store = store::look_at_store(place_of_store(settings));
    if (!store) return {};  // opening it says why
    const bool has_keys = !is_missing(settings.key_file);
    if (store->begins_anew && has_keys && !meant.new_store) return without_store(settings);
    if (store->revision > 0 && !has_keys && !meant.new_keys) return without_keys(settings);
    return {};
}

}  // namespace kommpass::idp::service
