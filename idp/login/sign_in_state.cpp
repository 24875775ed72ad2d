#include "idp/login/sign_in_state.hpp"

#include "idp/jose/key_ring.hpp"

#include <charconv>

namespace kommpass::idp::login {
namespace {

constexpr std::string_view sealed_for = "sign-in state";
constexpr char separator = '\n';  // stands in none of the parts before the last

std::optional<std::string_view> take_part(std::string_view& rest) {
    const auto end = rest.find(separator);
    if (end == std::string_view::npos) return std::nullopt;
    const auto part = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return part;
}

std::optional<stage> stage_of(std::string_view digit) {
    if (digit.size() != 1 || digit[0] < '0' || digit[0] > '3') return std::nullopt;
    return static_cast<stage>(digit[0] - '0');
}

}  // namespace

std::string sign_in_state::seal(const jose::key_ring& keys) const {
    std::string plain = purpose;
    plain.push_back(separator);
    plain.push_back(static_cast<char>('0' + static_cast<int>(stage)));
    plain.push_back(separator);
    plain.append(std::to_string(to_unix_seconds(started))).push_back(separator);
    plain.append(browser).push_back(separator);
    plain.append(parameters);
    return keys.seal(sealed_for, plain);
}

std::optional<sign_in_state> sign_in_state::open(std::string_view sealed,
                                                 const jose::key_ring& keys) {
    const auto plain = keys.open(sealed_for, sealed);
    if (!plain) return std::nullopt;
    std::string_view rest = *plain;
    const auto purpose = take_part(rest);
    const auto digit = take_part(rest);
    const auto started = take_part(rest);
    const auto browser = take_part(rest);
    if (!purpose || !digit || !started || !browser) return std::nullopt;
    const auto stands = stage_of(*digit);
    long long seconds = 0;
    const auto* end = started->data() + started->size();
    if (!stands || std::from_chars(started->data(), end, seconds).ptr != end) return std::nullopt;
    return sign_in_state{std::string(*purpose), *stands, std::string(rest), std::string(*browser),
                         from_unix_seconds(seconds)};
}

}  // namespace kommpass::idp::login
