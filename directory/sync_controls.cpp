#include "directory/sync_controls.hpp"

#include <ldap.h>

#include <memory>

namespace kommpass::directory {
namespace {

constexpr ber_tag_t new_cookie = 0x80;
constexpr ber_tag_t refresh_delete = 0xa1;
constexpr ber_tag_t refresh_present = 0xa2;
constexpr ber_tag_t sync_id_set = 0xa3;

struct free_ber {
    void operator()(BerElement* ber) const noexcept { ber_free(ber, 1); }
};
using owned_ber = std::unique_ptr<BerElement, free_ber>;

// Null for an empty value, which liblber cannot read.
owned_ber reader_of(std::string_view value) {
    if (value.empty()) return nullptr;
    berval bytes{value.size(), const_cast<char*>(value.data())};
    return owned_ber(ber_init(&bytes));
}

std::string bytes_of(BerElement* ber) {
    berval* flat = nullptr;
    if (ber_flatten(ber, &flat) != 0) return {};
    std::string bytes(flat->bv_val, flat->bv_len);
    ber_bvfree(flat);
    return bytes;
}

}  // namespace

std::string sync_request_value(std::string_view cookie) {
    const owned_ber ber(ber_alloc_t(LBER_USE_DER));
    if (!ber) return {};
    if (cookie.empty()) {
        ber_printf(ber.get(), "{e}", LDAP_SYNC_REFRESH_AND_PERSIST);
    } else {
        berval bytes{cookie.size(), const_cast<char*>(cookie.data())};
        ber_printf(ber.get(), "{eO}", LDAP_SYNC_REFRESH_AND_PERSIST, &bytes);
    }
    return bytes_of(ber.get());
}

std::string entry_uuid_in(std::string_view value) {
    const auto ber = reader_of(value);
    ber_int_t state = 0;
    berval uuid{0, nullptr};
    if (!ber || ber_scanf(ber.get(), "{em", &state, &uuid) == LBER_ERROR || uuid.bv_len != 16)
        return {};
    constexpr std::string_view hex = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        const auto byte = static_cast<unsigned char>(uuid.bv_val[i]);
        text += hex[byte >> 4];
        text += hex[byte & 15];
    }
    return text;
}

sync_info read_sync_info(std::string_view value) {
    const auto ber = reader_of(value);
    ber_len_t length = 0;
    if (!ber) return {};
    const auto tag = ber_peek_tag(ber.get(), &length);
    if (tag == sync_id_set) return {false, true};
    if (tag == new_cookie || (tag != refresh_delete && tag != refresh_present)) return {};
    // refreshDone is TRUE unless it is said to be FALSE; a cookie may stand before it.
    ber_int_t done = 1;
    if (ber_scanf(ber.get(), "{") == LBER_ERROR) return {};
    if (ber_peek_tag(ber.get(), &length) == LBER_OCTETSTRING) {
        berval cookie{0, nullptr};
        if (ber_scanf(ber.get(), "m", &cookie) == LBER_ERROR) return {};
    }
    if (ber_peek_tag(ber.get(), &length) == LBER_BOOLEAN &&
        ber_scanf(ber.get(), "b", &done) == LBER_ERROR) {
        return {};
    }
    return {done != 0, false};
}

std::string persistent_search_value() {
    constexpr ber_int_t every_change = 1 | 2 | 4 | 8;  // add, delete, modify, modDN
    const owned_ber ber(ber_alloc_t(LBER_USE_DER));
    if (!ber) return {};
    ber_printf(ber.get(), "{ibb}", every_change, 1, 1);
    return bytes_of(ber.get());
}

}  // namespace kommpass::directory
