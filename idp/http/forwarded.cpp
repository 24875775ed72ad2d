#include "idp/http/forwarded.hpp"

#include "idp/http/header_grammar.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

namespace kommpass::idp::http {
namespace {

namespace ip = boost::asio::ip;

template <class Network, class Address>
bool contains(const Network& network, const Address& address) {
    return Network(address, network.prefix_length()).canonical() == network.canonical();
}

// The chain's last entry, taken off it.
std::string_view take_last(std::string_view& chain) {
    const auto comma = chain.rfind(',');
    const auto last = comma == std::string_view::npos ? chain : chain.substr(comma + 1);
    chain = comma == std::string_view::npos ? std::string_view() : chain.substr(0, comma);
    return trimmed(last);
}

// What stands between quotes (RFC 7239 writes such values so, and some proxies here too).
std::string_view unquoted(std::string_view entry) {
    const bool quoted = entry.size() >= 2 && entry.front() == '"' && entry.back() == '"';
    return quoted ? entry.substr(1, entry.size() - 2) : entry;
}

bool is_port(std::string_view text) {
    return !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), is_digit);
}

// An address as proxies write it: "192.0.2.7", "192.0.2.7:51234", "2001:db8::5", "[2001:db8::5]",
// "[2001:db8::5]:443", any of these in quotes.
std::optional<ip::address> address_in(std::string_view entry) {
    auto text = unquoted(entry);
    boost::system::error_code ec;
    if (!text.empty() && text.front() == '[') {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return {};
        const auto behind = text.substr(end + 1);
        if (!behind.empty() && (behind.front() != ':' || !is_port(behind.substr(1)))) return {};
        const auto inside = ip::make_address_v6(std::string(text.substr(1, end - 1)), ec);
        return ec ? std::nullopt : std::optional<ip::address>(inside);
    }
    // One colon is a port's; more are an IPv6 address's own.
    const auto colon = text.find(':');
    if (colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos) {
        if (!is_port(text.substr(colon + 1))) return {};
        text = text.substr(0, colon);
    }
    const auto whole = ip::make_address(std::string(text), ec);
    return ec ? std::nullopt : std::optional<ip::address>(whole);
}

}  // namespace

ip::address without_mapping(const ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    }
    return address;
}

trusted_proxies::trusted_proxies(const std::vector<std::string>& listed) {
    for (const auto& entry : listed) {
        boost::system::error_code ec;
        const bool is_network = entry.find('/') != std::string::npos;
        if (const auto v4 = ip::make_network_v4(is_network ? entry : entry + "/32", ec); !ec) {
            v4_.push_back(v4);
            continue;
        }
        const auto v6 = ip::make_network_v6(is_network ? entry : entry + "/128", ec);
        if (ec) throw std::runtime_error("trusted_proxies: \"" + entry + "\" is no address");
        v6_.push_back(v6);
    }
}

bool trusted_proxies::trusts(const ip::address& address) const {
    if (address.is_v4()) {
        return std::any_of(v4_.begin(), v4_.end(),
                           [&](const auto& n) { return contains(n, address.to_v4()); });
    }
    return std::any_of(v6_.begin(), v6_.end(),
                       [&](const auto& n) { return contains(n, address.to_v6()); });
}

ip::address trusted_proxies::client_of(const request& request, const ip::address& peer) const {
    auto client = peer;
    if ((v4_.empty() && v6_.empty()) || !trusts(client)) return client;
    for (auto field = request.headers.rbegin(); field != request.headers.rend(); ++field) {
        if (field->first != "x-forwarded-for") continue;
        for (std::string_view chain = field->second; !chain.empty();) {
            const auto before = address_in(take_last(chain));
            if (!before) return client;
            client = without_mapping(*before);
            if (!trusts(client)) return client;
        }
    }
    return client;
}

void forget_what_proxies_say(request& asked) {
    constexpr std::array<std::string_view, 4> said{"x-forwarded-host", "x-forwarded-uri",
                                                   "x-forwarded-method", "x-forwarded-proto"};
    std::erase_if(asked.headers, [&](const auto& field) {
        return std::find(said.begin(), said.end(), field.first) != said.end();
    });
}

}  // namespace kommpass::idp::http
