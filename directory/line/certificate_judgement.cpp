#include "directory/line/certificate_judgement.hpp"

#include "directory/line/openssl_owned.hpp"
#include "directory/line/server_certificate.hpp"
#include "directory/server_address.hpp"

#include <openssl/err.h>

#include <algorithm>

namespace kommpass::directory {
namespace {

constexpr int of_112_bits = 2;  // OpenSSL's security level

using faults = std::vector<connect_fault>;

fault fault_of(int error) {
    switch (error) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return fault::expired;
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return fault::not_yet_valid;
        case X509_V_ERR_EE_KEY_TOO_SMALL:
        case X509_V_ERR_CA_KEY_TOO_SMALL:
            return fault::weak_key;
        case X509_V_ERR_CA_MD_TOO_WEAK:
            return fault::weak_signature;
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
            return fault::unknown_ca;
        default:
            return fault::untrusted;
    }
}

std::string key_of(X509* certificate) {
    const auto* key = X509_get0_pubkey(certificate);
    if (key == nullptr) return {};
    const char* name = EVP_PKEY_get0_type_name(key);
    return std::string(name == nullptr ? "key" : name) + " " + std::to_string(EVP_PKEY_bits(key)) +
           " bit";
}

std::string signature_of(X509* certificate) {
    const char* name = OBJ_nid2ln(X509_get_signature_nid(certificate));
    return name == nullptr ? "signature" : name;
}

std::string found_by(fault what, int error, X509* certificate) {
    if (certificate == nullptr) return X509_verify_cert_error_string(error);
    const auto whose = in_one_line(described(certificate));
    if (what == fault::weak_key) return key_of(certificate) + "; " + whose;
    if (what == fault::weak_signature) return signature_of(certificate) + "; " + whose;
    if (what == fault::untrusted)
        return std::string(X509_verify_cert_error_string(error)) + "; " + whose;
    return whose;
}

bool has(const faults& all, fault what) {
    return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.what == what; });
}

// Notes what is wrong and goes on, so that nothing stays unsaid.
int note(int right, X509_STORE_CTX* context) {
    if (right == 1) return 1;
    auto& all = *static_cast<faults*>(X509_STORE_CTX_get_app_data(context));
    const int error = X509_STORE_CTX_get_error(context);
    const auto what = fault_of(error);
    if (!has(all, what))
        all.push_back({what, found_by(what, error, X509_STORE_CTX_get_current_cert(context))});
    return 1;
}

bool is_for(X509* own, const std::string& host) {
    if (is_ip_address(host)) return X509_check_ip_asc(own, host.c_str(), 0) == 1;
    return X509_check_host(own, host.c_str(), 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1;
}

}  // namespace

faults judge_certificate(X509_STORE* trusted, X509* own, STACK_OF(X509) * sent,
                         const std::string& host, std::int64_t now) {
    faults all;
    const owned_store_context context(X509_STORE_CTX_new());
    if (!context || X509_STORE_CTX_init(context.get(), trusted, own, sent) != 1 ||
        X509_STORE_CTX_set_default(context.get(), "ssl_server") != 1)
        return {{fault::untrusted, "no memory to judge it"}};
    auto* const rules = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(rules, static_cast<time_t>(now));
    X509_VERIFY_PARAM_set_auth_level(rules, of_112_bits);
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
    X509_STORE_CTX_set_app_data(context.get(), &all);
    X509_STORE_CTX_set_verify_cb(context.get(), note);
    if (X509_verify_cert(context.get()) != 1 && all.empty())
        all.push_back({fault::untrusted,
                       X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()))});
    if (!is_for(own, host))
        all.push_back(
            {fault::host_name_differs, names_of(own) + "; " + in_one_line(described(own))});
    ERR_clear_error();
    return all;
}

}  // namespace kommpass::directory
