#include "idp/http/own_certificate.hpp"

#include "idp/http/tls_context.hpp"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <stdexcept>

namespace kommpass::idp::http {
namespace {

constexpr int least_rsa_bits = 2048;
constexpr int least_ec_bits = 224;

instant time_in(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ::ASN1_TIME_to_tm(time, &parts) != 1) return {};
    return from_unix_seconds(::timegm(&parts));
}

std::string text_of(instant at) {
    const auto seconds = static_cast<std::time_t>(to_unix_seconds(at));
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts);
    return text.data();
}

// One look at the files of a listener.
class judgement {
public:
    judgement(const config::listener& listener, std::string_view host, instant now)
        : listener_(listener), host_(host), now_(now) {}

    own_certificate made() {
        for (const auto* file : {&listener_.certificate_file, &listener_.private_key_file}) {
            if (::access(file->c_str(), R_OK) != 0)
                say("not_usable", *file,
                    std::string("cannot be read: ") + std::strerror(errno) +
                        "; check that it is there, its owner and mode");
        }
        if (found_.faults.empty()) judge_pair();
        return std::move(found_);
    }

private:
    void judge_pair() {
        judge_mode();
        try {
            const auto context = make_tls_context(listener_);
            judge_certificate(::SSL_CTX_get0_certificate(context->native_handle()));
        } catch (const std::runtime_error& failure) {
            found_.faults.push_back({"not_usable", failure.what()});
        }
    }

    void judge_mode() {
        struct stat about {};
        if (::stat(listener_.private_key_file.c_str(), &about) == 0 &&
            (about.st_mode & S_IROTH) != 0)
            say("key_readable", listener_.private_key_file,
                "everybody on this machine may read the private key; `chmod o-rwx` it, and get a "
                "new one if somebody did");
    }

    void judge_certificate(X509* certificate) {
        const auto& file = listener_.certificate_file;
        const auto from = time_in(::X509_get0_notBefore(certificate));
        found_.until = time_in(::X509_get0_notAfter(certificate));
        if (now_ >= found_.until)
            say("expired", file, "expired on " + text_of(found_.until) + "; renew it");
        else if (now_ + certificate_expires_soon >= found_.until)
            say("expires_soon", file, "expires on " + text_of(found_.until) + "; renew it");
        if (now_ < from)
            say("not_yet_valid", file,
                "is not valid before " + text_of(from) +
                    "; check the clock, or take the former one");
        judge_host(certificate);
        judge_strength(certificate);
    }

    void judge_host(X509* certificate) {
        if (host_.empty()) return;
        const std::string host(host_);
        const bool is_address = ::X509_check_ip_asc(certificate, host.c_str(), 0) != -2;
        const bool fits =
            is_address ? ::X509_check_ip_asc(certificate, host.c_str(), 0) == 1
                       : ::X509_check_host(certificate, host.data(), host.size(), 0, nullptr) == 1;
        if (!fits)
            say("other_host", listener_.certificate_file,
                "is not for " + host +
                    ", the host of the issuer; get one with that name as subjectAltName");
    }

    void judge_strength(X509* certificate) {
        const auto& file = listener_.certificate_file;
        const EVP_PKEY* key = ::X509_get0_pubkey(certificate);
        const int bits = key == nullptr ? 0 : ::EVP_PKEY_get_bits(key);
        const bool is_rsa = key != nullptr && ::EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
        if (bits < (is_rsa ? least_rsa_bits : least_ec_bits))
            say("weak_key", file,
                "has a key of " + std::to_string(bits) +
                    " bit; get one with P-256 or RSA of 3072 bit");
        int digest = NID_undef;
        if (::X509_get_signature_info(certificate, &digest, nullptr, nullptr, nullptr) == 1 &&
            (digest == NID_sha1 || digest == NID_md5))
            say("weak_signature", file,
                std::string("is signed with ") + ::OBJ_nid2sn(digest) +
                    ", which browsers refuse; get one that is signed with SHA-256");
    }

    void say(std::string id, const std::filesystem::path& file, const std::string& what) {
        found_.faults.push_back({std::move(id), file.string() + ": " + what});
    }

    const config::listener& listener_;
    std::string_view host_;
    instant now_;
    own_certificate found_;
};

}  // namespace

bool own_certificate::is_usable() const noexcept {
    return std::none_of(faults.begin(), faults.end(),
                        [](const certificate_fault& one) { return one.id == "not_usable"; });
}

own_certificate judge_own_certificate(const config::listener& listener, std::string_view host,
                                      instant now) {
    if (!listener.tls) return {};
    return judgement(listener, host, now).made();
}

std::string host_of(std::string_view issuer) {
    const auto scheme = issuer.find("://");
    auto rest = scheme == std::string_view::npos ? issuer : issuer.substr(scheme + 3);
    rest = rest.substr(0, rest.find('/'));
    if (rest.starts_with('[')) return std::string(rest.substr(1, rest.find(']') - 1));
    return std::string(rest.substr(0, rest.find(':')));
}

}  // namespace kommpass::idp::http
