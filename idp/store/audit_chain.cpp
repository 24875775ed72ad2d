#include "idp/store/audit_chain.hpp"

#include <openssl/sha.h>

namespace kommpass::idp::store {
namespace {

constexpr std::size_t digest_size = SHA256_DIGEST_LENGTH;

std::string sha256(std::string_view bytes) {
    std::string digest(digest_size, '\0');
    ::SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
             reinterpret_cast<unsigned char*>(digest.data()));
    return digest;
}

void add_number(std::string& into, unsigned long long number) {
    for (int shift = 0; shift < 64; shift += 8) into += static_cast<char>(number >> shift & 0xff);
}

void add_field(std::string& into, std::string_view field) {
    add_number(into, field.size());
    into += field;
}

}  // namespace

std::string chain_beginning() { return std::string(digest_size, '\0'); }

std::string address_digest(std::string_view salt, std::string_view address) {
    std::string bytes;
    add_field(bytes, salt);
    add_field(bytes, address);
    return sha256(bytes);
}

std::string content_digest(const audit_record& record, std::string_view digest_of_address) {
    std::string bytes;
    add_number(bytes, static_cast<unsigned long long>(record.at.time_since_epoch().count()));
    for (const std::string_view field :
         {std::string_view(record.event), std::string_view(record.result), record.member.view(),
          record.person.view(), record.client.view(), std::string_view(record.request),
          std::string_view(record.detail_json), digest_of_address}) {
        add_field(bytes, field);
    }
    return sha256(bytes);
}

std::string chain_hash(std::string_view previous_hash, long long sequence,
                       std::string_view digest_of_content) {
    std::string bytes(previous_hash);
    add_number(bytes, static_cast<unsigned long long>(sequence));
    bytes += digest_of_content;
    return sha256(bytes);
}

}  // namespace kommpass::idp::store
