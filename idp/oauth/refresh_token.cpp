#include "idp/oauth/refresh_token.hpp"

#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/store/token_families.hpp"
#include "policies/registry.hpp"

#include <algorithm>
#include <charconv>

namespace kommpass::idp::oauth {
namespace {

constexpr std::size_t family_length = 26;  // store::new_record_id
constexpr std::size_t secret_length = 43;  // 32 bytes
constexpr std::size_t most_digits = 9;
constexpr char separator = '.';

// The registry allows no longer grace; `replaced` need not look back further.
constexpr auto longest_grace = std::chrono::seconds(60);
// More replacements within the longest grace than any client makes.
constexpr std::size_t most_replaced = 64;

bool is_family(std::string_view text) {
    return text.size() == family_length && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
           });
}

bool is_secret(std::string_view text) {
    return text.size() == secret_length && base64url::decode(text);
}

// Canonical: one text for one number.
std::optional<long long> generation_in(std::string_view digits) {
    if (digits.empty() || digits.size() > most_digits || (digits[0] == '0' && digits.size() > 1))
        return std::nullopt;
    long long number = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc() || stopped != end || number < 0) return std::nullopt;
    return number;
}

// The number of a token that the family gave out, the current one included.
std::optional<long long> issued_as(const refresh_token& token, const store::token_family& family,
                                   const jose::key_ring& keys) {
    if (equal_in_constant_time(family.current_hash, token.hash)) return family.generation;
    if (!token.generation) {
        const bool was_the_last = equal_in_constant_time(family.previous_hash, token.hash);
        return was_the_last ? std::optional(family.generation - 1) : std::nullopt;
    }
    if (family.seed.empty() || *token.generation >= family.generation) return std::nullopt;
    const auto own = refresh_token::derive(token.family, family.seed, *token.generation, keys);
    if (!equal_in_constant_time(own.hash, token.hash)) return std::nullopt;
    return token.generation;
}

// Where so many were replaced that the time of this one is not known any more, the oldest that is
// known speaks for it: within the grace nobody is thrown out.
bool replaced_within(std::chrono::seconds grace, const store::token_family& family,
                     long long generation, instant now) {
    const auto& times = family.replaced;
    const auto back = static_cast<std::size_t>(family.generation - generation);  // 1: the last
    const auto within = [&](instant at) { return now - at < grace; };
    // Replaced by a Kommpass from before the times were kept.
    if (times.empty() && back == 1) return within(family.rotated_at);
    if (back <= times.size()) return within(times[times.size() - back]);
    return times.size() == most_replaced && within(times.front());
}

}  // namespace

refresh_token refresh_token::derive(std::string_view family, std::string_view seed,
                                    long long generation, const jose::key_ring& keys) {
    refresh_token token;
    token.family = std::string(family);
    token.generation = generation;
    token.text = token.family + separator + std::to_string(generation);
    const auto secret =
        keys.keyed_hash("refresh token", token.text + separator + std::string(seed));
    token.text += separator + base64url::encode(secret);
    token.hash = jose::sha256(token.text);
    return token;
}

std::optional<refresh_token> refresh_token::parse(std::string_view text) {
    const auto first = text.find(separator);
    const auto last = text.rfind(separator);
    if (first == std::string_view::npos) return std::nullopt;
    const auto family = text.substr(0, first);
    if (!is_family(family) || !is_secret(text.substr(last + 1))) return std::nullopt;
    refresh_token token{std::string(text), std::string(family), std::nullopt, jose::sha256(text)};
    if (first == last) return token;
    token.generation = generation_in(text.substr(first + 1, last - first - 1));
    if (!token.generation) return std::nullopt;
    return token;
}

standing standing_of(const refresh_token& token, const store::token_family& family,
                     const jose::key_ring& keys, std::chrono::seconds grace, instant now) {
    if (family.revoked || family.expires_at <= now) return standing::ended;
    const auto number = issued_as(token, family, keys);
    if (!number) return standing::never_issued;
    if (*number == family.generation) return standing::current;
    return replaced_within(grace, family, *number, now) ? standing::repeated : standing::reused;
}

bool lay_idle(const store::token_family& family, const policies::client& client, instant now) {
    return client.refresh_token_idle_time &&
           now - family.rotated_at > *client.refresh_token_idle_time;
}

bool was_issued(const refresh_token& token, const store::token_family& family,
                const jose::key_ring& keys) {
    return issued_as(token, family, keys).has_value();
}

std::vector<instant> replaced_with(const store::token_family& family, instant now) {
    auto times = family.replaced;
    // From the front only, so that places count back from the current token.
    const auto kept = std::find_if(times.begin(), times.end(),
                                   [&](instant at) { return now - at < longest_grace; });
    times.erase(times.begin(), kept);
    if (times.size() >= most_replaced)
        times.erase(times.begin(), times.end() - (most_replaced - 1));
    times.push_back(now);
    return times;
}

}  // namespace kommpass::idp::oauth
