#include "idp/oauth/device_tries.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/store/replays.hpp"
#include "idp/store/transaction.hpp"

#include <boost/asio/ip/network_v6.hpp>

#include <string>

namespace kommpass::idp::oauth {
namespace {

constexpr std::chrono::seconds window = std::chrono::minutes(10);
constexpr int for_a_person = 10;
constexpr int for_an_address = 60;  // a town hall may have one

std::string network_of(const boost::asio::ip::address& address) {
    if (address.is_v4()) return address.to_string();
    return boost::asio::ip::make_network_v6(address.to_v6(), 64).canonical().to_string();
}

// Each window has so many places, and each try takes one. Whom they are of nobody reads there.
bool takes_place(store::transaction& t, const jose::key_ring& keys, const std::string& whose,
                 int places, long long number, instant end) {
    const auto scope = "device tries " + base64url::encode(keys.keyed_hash("device tries", whose));
    for (int place = 0; place < places; ++place) {
        const auto id = std::to_string(number) + "/" + std::to_string(place);
        if (t.replays().first_use(scope, id, end)) return true;
    }
    return false;
}

}  // namespace

std::optional<std::chrono::seconds> count_device_try(store::transaction& t,
                                                     const jose::key_ring& keys,
                                                     const person_id& person,
                                                     const boost::asio::ip::address& address,
                                                     instant now) {
    const auto number = to_unix_seconds(now) / window.count();
    const auto end = from_unix_seconds((number + 1) * window.count());
    const bool may =
        takes_place(t, keys, "person " + person.str(), for_a_person, number, end) &&
        takes_place(t, keys, "address " + network_of(address), for_an_address, number, end);
    if (may) return std::nullopt;
    return std::chrono::seconds(to_unix_seconds(end) - to_unix_seconds(now));
}

}  // namespace kommpass::idp::oauth
