#include "idp/service/named_files.hpp"

#include "config/secret_source.hpp"

#include <arpa/inet.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace kommpass::idp::service {
namespace {

template <auto Free>
struct freed_by {
    template <class Thing>
    void operator()(Thing* thing) const noexcept {
        Free(thing);
    }
};
using opened_file = std::unique_ptr<BIO, freed_by<BIO_free>>;
using read_certificate = std::unique_ptr<X509, freed_by<X509_free>>;
using read_key = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;

// A key with a passphrase cannot be opened by a service that starts by itself.
int no_passphrase(char*, int, int, void*) { return -1; }

opened_file opened(const std::string& file) {
    ::ERR_clear_error();
    return opened_file(::BIO_new_file(file.c_str(), "rb"));
}

std::string unreadable(const std::string& file) {
    const std::string why = errno != 0 ? std::strerror(errno) : "no file";
    ::ERR_clear_error();
    return file + " cannot be read: " + why + "; check that it is there, its owner and mode";
}

std::string wrong_with_key(const std::string& file) {
    const auto in = opened(file);
    if (!in) return unreadable(file);
    const read_key key(::PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr));
    ::ERR_clear_error();
    if (!key) return file + " is no private key as PEM without a passphrase";
    struct stat about {};
    if (::stat(file.c_str(), &about) == 0 && (about.st_mode & S_IROTH) != 0)
        return file + ": everybody on this machine may read the private key; `chmod o-rwx` it";
    return {};
}

std::string wrong_with_pair(const std::string& certificate, const std::string& key) {
    const auto first = opened(certificate);
    const auto second = opened(key);
    const read_certificate shown(::PEM_read_bio_X509(first.get(), nullptr, nullptr, nullptr));
    const read_key secret(::PEM_read_bio_PrivateKey(second.get(), nullptr, no_passphrase, nullptr));
    const bool fits = shown && secret && ::X509_check_private_key(shown.get(), secret.get()) == 1;
    ::ERR_clear_error();
    return fits ? std::string() : "the private key " + key + " does not belong to " + certificate;
}

void add(std::vector<std::string>& all, const std::string& name, const std::string& wrong) {
    if (!wrong.empty()) all.push_back(name + ": " + wrong);
}

}  // namespace

bool is_ip_address(const std::string& text) {
    std::array<unsigned char, sizeof(in6_addr)> parsed{};
    const auto plain = text.substr(0, text.find('%'));  // the zone of a link-local one
    return ::inet_pton(AF_INET, text.c_str(), parsed.data()) == 1 ||
           ::inet_pton(AF_INET6, plain.c_str(), parsed.data()) == 1;
}

std::string wrong_with_authorities(const std::string& file) {
    if (file.empty()) return {};
    errno = 0;
    const auto in = opened(file);
    if (!in) return unreadable(file);
    const read_certificate first(::PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    ::ERR_clear_error();
    return first ? std::string()
                 : file + " has no certificate as PEM; convert it with `openssl x509`";
}

std::vector<std::string> wrong_files_of(const directory_settings& directory) {
    std::vector<std::string> all;
    add(all, "ca_file", wrong_with_authorities(directory.ca_file));
    const auto& shown = directory.client_certificate_file;
    const auto& key = directory.client_key_file;
    if (!shown.empty()) {
        const auto before = all.size();
        add(all, "client_certificate_file", wrong_with_authorities(shown));
        errno = 0;
        add(all, "client_key_file", wrong_with_key(key));
        if (all.size() == before) add(all, "client_key_file", wrong_with_pair(shown, key));
    }
    const bool by_file = !directory.bind_password_file.empty();
    if (by_file || !directory.bind_password_env.empty()) {
        const auto password =
            config::read_secret(directory.bind_password_file, directory.bind_password_env);
        if (!password)
            add(all, by_file ? "bind_password_file" : "bind_password_env",
                password.error().message);
    }
    return all;
}

}  // namespace kommpass::idp::service
