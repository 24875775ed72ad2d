#include "idp/login/sign_in_state.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/jose/key_ring.hpp"

#include <array>
#include <charconv>

namespace kommpass::idp::login {
namespace {

constexpr std::string_view sealed_for = "sign-in state 4";
constexpr char separator = '\n';  // stands in none of the parts before the last

std::optional<std::string_view> take_part(std::string_view& rest) {
    const auto end = rest.find(separator);
    if (end == std::string_view::npos) return std::nullopt;
    const auto part = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return part;
}

char digit_of(auto value) { return static_cast<char>('0' + static_cast<int>(value)); }

// A value from zero to `last`, of one digit.
template <typename Value>
std::optional<Value> value_of(char digit, Value last) {
    if (digit < '0' || digit > digit_of(last)) return std::nullopt;
    return static_cast<Value>(digit - '0');
}

// What fits into one digit each, in this order.
struct marks {
    login::stage stage;
    member_choice chosen;
    bool renews;
    bool expiry_told;
    bool anew;
};

std::optional<marks> marks_of(std::string_view digits) {
    if (digits.size() != 5) return std::nullopt;
    const auto stands = value_of(digits[0], stage::signed_out);
    const auto chosen = value_of(digits[1], member_choice::chosen);
    const auto renews = value_of(digits[2], true);
    const auto told = value_of(digits[3], true);
    const auto anew = value_of(digits[4], true);
    if (!stands || !chosen || !renews || !told || !anew) return std::nullopt;
    return marks{*stands, *chosen, *renews, *told, *anew};
}

std::optional<long long> number_of(std::string_view digits) {
    long long number = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc() || stopped != end) return std::nullopt;
    return number;
}

}  // namespace

std::string sign_in_state::text() const {
    const std::string digits{digit_of(stage), digit_of(chosen), digit_of(renews),
                             digit_of(expiry_told), digit_of(anew)};
    std::string plain;
    // The name is what somebody typed: it may have any character.
    for (const auto& part :
         {purpose, digits, std::to_string(to_unix_seconds(started)), browser, member.str(), session,
          base64url::encode(user_name), base64url::encode(connection)})
        plain.append(part).push_back(separator);
    plain.append(parameters);
    return plain;
}

std::string sign_in_state::seal(const jose::key_ring& keys) const {
    return keys.seal(sealed_for, text());
}

std::optional<sign_in_state> sign_in_state::open(std::string_view sealed,
                                                 const jose::key_ring& keys) {
    const auto plain = keys.open(sealed_for, sealed);
    return plain ? read(*plain) : std::nullopt;
}

std::optional<sign_in_state> sign_in_state::read(std::string_view rest) {
    std::array<std::string_view, 8> parts;
    for (auto& part : parts) {
        const auto taken = take_part(rest);
        if (!taken) return std::nullopt;
        part = *taken;
    }
    const auto& [purpose, digits, started, browser, member, session, encoded_name, kept] = parts;
    const auto known = marks_of(digits);
    const auto seconds = number_of(started);
    const auto name = base64url::decode(encoded_name);
    const auto connection = base64url::decode(kept);
    if (!known || !seconds || !name || !connection) return std::nullopt;
    return sign_in_state{std::string(purpose),
                         known->stage,
                         std::string(rest),
                         std::string(browser),
                         from_unix_seconds(*seconds),
                         member_slug(member),
                         known->chosen,
                         known->renews,
                         known->expiry_told,
                         std::string(session),
                         *name,
                         *connection,
                         known->anew};
}

}  // namespace kommpass::idp::login
