#include "idp/gateway/tickets.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/gateway/sealed_fields.hpp"
#include "idp/http/decimal_number.hpp"
#include "idp/jose/hash.hpp"

namespace kommpass::idp::gateway {
namespace {

constexpr std::string_view for_way_in = "gateway way in";
constexpr std::string_view for_way_back = "gateway way back";
constexpr std::string_view for_session = "gateway session";
constexpr std::string_view for_browser = "gateway browser";

std::string text_of(instant at) { return std::to_string(to_unix_seconds(at)); }

std::optional<instant> instant_in(std::string_view field) {
    const auto number = http::decimal_number(field);
    if (!number) return std::nullopt;
    return from_unix_seconds(*number);
}

}  // namespace

std::string way_in::seal(const jose::key_ring& keys) const {
    return seal_fields(keys, for_way_in,
                       {host, to, browser, std::to_string(tries), text_of(begun)});
}

std::optional<way_in> way_in::open(const jose::key_ring& keys, std::string_view sealed,
                                   instant now) {
    const auto f = open_fields(keys, for_way_in, sealed, 5);
    const auto tries = f ? http::decimal_number((*f)[3]) : std::nullopt;
    const auto begun = f ? instant_in((*f)[4]) : std::nullopt;
    if (!tries || !begun || *begun + lifetime <= now) return std::nullopt;
    return way_in{(*f)[0], (*f)[1], (*f)[2], static_cast<int>(*tries), *begun};
}

std::string way_back::seal(const jose::key_ring& keys) const {
    return seal_fields(keys, for_way_back,
                       {began.host, began.to, began.browser, std::to_string(began.tries),
                        application.str(), session, id, text_of(expires_at)});
}

std::optional<way_back> way_back::open(const jose::key_ring& keys, std::string_view sealed) {
    const auto f = open_fields(keys, for_way_back, sealed, 8);
    const auto tries = f ? http::decimal_number((*f)[3]) : std::nullopt;
    const auto expires = f ? instant_in((*f)[7]) : std::nullopt;
    if (!tries || !expires) return std::nullopt;
    way_back found;
    found.began = {(*f)[0], (*f)[1], (*f)[2], static_cast<int>(*tries), {}};
    found.application = application_key((*f)[4]);
    found.session = (*f)[5];
    found.id = (*f)[6];
    found.expires_at = *expires;
    return found;
}

std::string host_session::seal(const jose::key_ring& keys) const {
    return seal_fields(keys, for_session,
                       {host, application.str(), session, id, text_of(expires_at)});
}

std::optional<host_session> host_session::open(const jose::key_ring& keys, std::string_view sealed,
                                               instant now) {
    const auto f = open_fields(keys, for_session, sealed, 5);
    const auto expires = f ? instant_in((*f)[4]) : std::nullopt;
    if (!expires || *expires <= now) return std::nullopt;
    return host_session{(*f)[0], application_key((*f)[1]), (*f)[2], (*f)[3], *expires};
}

std::string host_browser::seal(const jose::key_ring& keys) const {
    return seal_fields(keys, for_browser, {random, text_of(signed_in_at)});
}

std::optional<host_browser> host_browser::open(const jose::key_ring& keys,
                                               std::string_view sealed) {
    const auto f = open_fields(keys, for_browser, sealed, 2);
    const auto at = f ? instant_in((*f)[1]) : std::nullopt;
    if (!at || (*f)[0].empty()) return std::nullopt;
    return host_browser{(*f)[0], *at};
}

std::string host_browser::hash() const {
    return base64url::encode(jose::sha256("gateway browser " + random));
}

}  // namespace kommpass::idp::gateway
