#include "idp/oauth/certificate_authentication.hpp"

#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/distinguished_name.hpp"
#include "idp/http/base64.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/openssl.hpp"
#include "idp/jose/signing_key.hpp"
#include "policies/registry.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <vector>

namespace kommpass::idp::oauth {
namespace {

using jose::openssl::freed_by;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using store_ptr = std::unique_ptr<X509_STORE, freed_by<X509_STORE_free>>;
using context_ptr = std::unique_ptr<X509_STORE_CTX, freed_by<X509_STORE_CTX_free>>;
using memory_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using names_ptr = std::unique_ptr<GENERAL_NAMES, freed_by<GENERAL_NAMES_free>>;

certificate_ptr parsed(std::string_view der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const auto* const end = at + der.size();
    certificate_ptr made(::d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (!made || at != end) {
        ::ERR_clear_error();
        return nullptr;
    }
    return made;
}

std::string fault_of_time(const X509* certificate, instant now) {
    auto at = static_cast<std::time_t>(to_unix_seconds(now));
    if (::X509_cmp_time(::X509_get0_notAfter(certificate), &at) <= 0)
        return "the client certificate is expired";
    if (::X509_cmp_time(::X509_get0_notBefore(certificate), &at) > 0)
        return "the client certificate is not valid yet";
    return {};
}

std::string subject_of(const X509* certificate) {
    const memory_ptr out(::BIO_new(::BIO_s_mem()));
    constexpr unsigned long as_rfc_4514 =
        XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
    if (::X509_NAME_print_ex(out.get(), ::X509_get_subject_name(certificate), 0, as_rfc_4514) < 0)
        return {};
    char* text = nullptr;
    const auto size = ::BIO_get_mem_data(out.get(), &text);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

std::string text_of(const ASN1_STRING* value) {
    return {reinterpret_cast<const char*>(::ASN1_STRING_get0_data(value)),
            static_cast<std::size_t>(::ASN1_STRING_length(value))};
}

// The alternative names of one kind; addresses as their bytes.
std::vector<std::string> alternative_names(const X509* certificate, int kind) {
    std::vector<std::string> found;
    const names_ptr names(static_cast<GENERAL_NAMES*>(
        ::X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        int is = 0;
        const auto* value = ::GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &is);
        if (is == kind) found.push_back(text_of(static_cast<const ASN1_STRING*>(value)));
    }
    return found;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

std::string bytes_of_address(const std::string& text) {
    boost::system::error_code wrong;
    const auto address = boost::asio::ip::make_address(text, wrong);
    if (wrong) return {};
    const auto as_text = [](const auto& bytes) {
        return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    };
    return address.is_v4() ? as_text(address.to_v4().to_bytes())
                           : as_text(address.to_v6().to_bytes());
}

bool has(const std::vector<std::string>& all, const std::string& wanted) {
    return !wanted.empty() && std::find(all.begin(), all.end(), wanted) != all.end();
}

bool has_without_case(std::vector<std::string> all, const std::string& wanted) {
    for (auto& one : all) one = lower(std::move(one));
    return has(all, lower(wanted));
}

// A mailbox's domain is compared without case, what stands before it as it is.
std::string comparable_mailbox(std::string text) {
    const auto at = text.rfind('@');
    return at == std::string::npos ? text : text.substr(0, at) + lower(text.substr(at));
}

std::optional<std::string> thumbprint_of_key(const X509* certificate) {
    EVP_PKEY* key = ::X509_get0_pubkey(certificate);
    if (key == nullptr) return std::nullopt;
    const auto kind = ::EVP_PKEY_is_a(key, "EC") == 1        ? jose::algorithm::es256
                      : ::EVP_PKEY_is_a(key, "ED25519") == 1 ? jose::algorithm::eddsa
                                                             : jose::algorithm::ps256;
    if (kind == jose::algorithm::ps256 && ::EVP_PKEY_is_a(key, "RSA") != 1) return std::nullopt;
    if (kind == jose::algorithm::es256 && ::EVP_PKEY_get_bits(key) != 256) return std::nullopt;
    ::EVP_PKEY_up_ref(key);
    return jose::signing_key(kind, jose::openssl::key(key)).thumbprint();
}

// The certificate itself, or its key.
bool is_of(const boost::json::object& jwk, std::string_view certificate,
           const std::optional<std::string>& thumbprint) {
    if (const auto* chain = jwk.if_contains("x5c"); chain != nullptr && chain->is_array()) {
        const auto& list = chain->get_array();
        if (list.empty() || !list.front().is_string()) return false;
        const auto registered = http::decode_base64(list.front().get_string());
        return registered && *registered == certificate;
    }
    if (!thumbprint) return false;
    for (const auto kind :
         {jose::algorithm::es256, jose::algorithm::ps256, jose::algorithm::eddsa}) {
        const auto key = jose::signing_key::from_public_jwk(kind, jwk);
        if (key && key->thumbprint() == *thumbprint) return true;
    }
    return false;
}

constexpr auto unreadable = "the client certificate cannot be read";

}  // namespace

struct client_authorities::store {
    store_ptr trusted;
};

client_authorities::client_authorities(const std::filesystem::path& pem)
    : store_(std::make_unique<store>()) {
    if (pem.empty()) return;
    store_->trusted.reset(::X509_STORE_new());
    if (!store_->trusted || ::X509_STORE_load_file(store_->trusted.get(), pem.c_str()) != 1) {
        ::ERR_clear_error();
        throw std::runtime_error("[mtls] ca_file " + pem.string() +
                                 " cannot be read as certificates (PEM expected)");
    }
}

client_authorities::~client_authorities() = default;

std::string client_authorities::why_not(std::string_view certificate, instant now) const {
    if (!store_->trusted) return "no authority for client certificates is set ([mtls] ca_file)";
    const auto shown = parsed(certificate);
    if (!shown) return unreadable;
    const context_ptr context(::X509_STORE_CTX_new());
    if (!context ||
        ::X509_STORE_CTX_init(context.get(), store_->trusted.get(), shown.get(), nullptr) != 1)
        return unreadable;
    auto* const parameters = ::X509_STORE_CTX_get0_param(context.get());
    ::X509_VERIFY_PARAM_set_time(parameters, static_cast<std::time_t>(to_unix_seconds(now)));
    ::X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_CLIENT);
    ::X509_VERIFY_PARAM_set_auth_level(parameters, 2);  // 112 bit: RSA 2048, SHA-256
    if (::X509_verify_cert(context.get()) == 1) return {};
    const std::string reason =
        ::X509_verify_cert_error_string(::X509_STORE_CTX_get_error(context.get()));
    ::ERR_clear_error();
    return "the client certificate is not taken: " + reason;
}

std::string certificate_thumbprint(std::string_view certificate) {
    return base64url::encode(jose::sha256(certificate));
}

std::string fault_of_subject(const policies::client& client, std::string_view certificate) {
    const auto shown = parsed(certificate);
    if (!shown) return unreadable;
    const auto names = [&](int kind) { return alternative_names(shown.get(), kind); };
    bool same = false;
    if (const auto& dn = client.tls_client_auth_subject_dn; !dn.empty()) {
        const auto registered = distinguished_name::parse(dn);
        const auto subject = distinguished_name::parse(subject_of(shown.get()));
        same = registered && subject && *registered == *subject;
    } else if (!client.tls_client_auth_san_dns.empty()) {
        same = has_without_case(names(GEN_DNS), client.tls_client_auth_san_dns);
    } else if (!client.tls_client_auth_san_uri.empty()) {
        same = has(names(GEN_URI), client.tls_client_auth_san_uri);
    } else if (!client.tls_client_auth_san_ip.empty()) {
        same = has(names(GEN_IPADD), bytes_of_address(client.tls_client_auth_san_ip));
    } else if (!client.tls_client_auth_san_email.empty()) {
        auto all = names(GEN_EMAIL);
        for (auto& one : all) one = comparable_mailbox(std::move(one));
        same = has(all, comparable_mailbox(client.tls_client_auth_san_email));
    }
    return same ? std::string() : "the client certificate names another than the client registered";
}

std::string fault_of_self_signed(std::string_view jwks, std::string_view certificate, instant now) {
    const auto shown = parsed(certificate);
    if (!shown) return unreadable;
    if (auto fault = fault_of_time(shown.get(), now); !fault.empty()) return fault;
    const auto thumbprint = thumbprint_of_key(shown.get());
    const auto set = jose::parse_strict_object(jwks);
    const auto* keys = set ? set->if_contains("keys") : nullptr;
    if (keys != nullptr && keys->is_array()) {
        for (const auto& one : keys->get_array()) {
            if (one.is_object() && is_of(one.get_object(), certificate, thumbprint)) return {};
        }
    }
    return "the client certificate is over none of the client's keys";
}

}  // namespace kommpass::idp::oauth
