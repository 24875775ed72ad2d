#include "directory/line/server_certificate.hpp"

#include "directory/line/openssl_owned.hpp"

#include <arpa/inet.h>
#include <openssl/pem.h>

#include <array>
#include <ctime>
#include <string_view>

namespace kommpass::directory {
namespace {

constexpr std::size_t most_named = 400;  // characters; a certificate may have hundreds of names

std::string printed(const X509_NAME* name) {
    const owned_bio memory(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

std::string printed(const ASN1_TIME* at) {
    tm when{};
    std::array<char, 20> text{};
    if (ASN1_TIME_to_tm(at, &when) != 1) return "?";
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &when)};
}

std::int64_t unix_seconds_of(const ASN1_TIME* at) {
    tm when{};
    return ASN1_TIME_to_tm(at, &when) == 1 ? ::timegm(&when) : 0;
}

std::string fingerprint_of(X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        if (i > 0) text.push_back(':');
        text.push_back(digits[digest[i] >> 4U]);
        text.push_back(digits[digest[i] & 0xfU]);
    }
    return text;
}

std::string printed(const GENERAL_NAME& one) {
    if (one.type == GEN_DNS)
        return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(one.d.dNSName)),
                static_cast<std::size_t>(ASN1_STRING_length(one.d.dNSName))};
    if (one.type != GEN_IPADD) return {};
    const int size = ASN1_STRING_length(one.d.iPAddress);
    const int family = size == 4 ? AF_INET : AF_INET6;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (size != 4 && size != 16) return {};
    ::inet_ntop(family, ASN1_STRING_get0_data(one.d.iPAddress), text.data(), text.size());
    return text.data();
}

}  // namespace

seen_certificate described(X509* certificate) {
    const owned_bio memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(memory.get(), certificate);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {printed(X509_get_subject_name(certificate)),
            printed(X509_get_issuer_name(certificate)),
            printed(X509_get0_notBefore(certificate)),
            printed(X509_get0_notAfter(certificate)),
            fingerprint_of(certificate),
            X509_check_ca(certificate) > 0,
            size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string(),
            unix_seconds_of(X509_get0_notAfter(certificate))};
}

std::string in_one_line(const seen_certificate& one) {
    return one.subject + " < " + one.issuer + ", " + one.from + " - " + one.until + ", SHA-256 " +
           one.sha256;
}

std::string names_of(X509* certificate) {
    const owned_names names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::string all;
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const auto text = printed(*sk_GENERAL_NAME_value(names.get(), i));
        if (text.empty()) continue;
        if (all.size() + text.size() > most_named) return all + ", ...";
        all += (all.empty() ? "" : ", ") + text;
    }
    return all.empty() ? printed(X509_get_subject_name(certificate)) : all;
}

}  // namespace kommpass::directory
