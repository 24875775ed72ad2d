#include "idp/login/known_browser.hpp"

#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/http/cookie.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"

#include <algorithm>

namespace kommpass::idp::login {
namespace {

constexpr std::string_view cookie = "__Host-kommpass-known";
constexpr std::string_view sealed_for = "known browser";
constexpr auto half_a_year = std::chrono::hours(24 * 180);
constexpr std::size_t most_persons = 8;
constexpr std::size_t hash_bytes = 16;
constexpr std::size_t longest_cookie = 1024;

std::string hash_of(const jose::key_ring& keys, const member_slug& member,
                    std::string_view account) {
    const auto whole = keys.keyed_hash("known person", member.str() + "\n" + std::string(account));
    return base64url::encode(std::string_view(whole).substr(0, hash_bytes));
}

}  // namespace

known_browser known_browser::of(const http::request& request, const jose::key_ring& keys) {
    known_browser found;
    const auto sent = http::cookies(request).get(cookie);
    if (!sent || sent->size() > longest_cookie) return found;
    const auto plain = keys.open(sealed_for, *sent);
    if (!plain) return found;
    std::string_view rest = *plain;
    while (!rest.empty()) {
        const auto part = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), part.size() + 1));
        if (found.token_.empty())
            found.token_ = part;
        else
            found.persons_.emplace_back(part);
    }
    return found;
}

bool known_browser::knows(const jose::key_ring& keys, const member_slug& member,
                          std::string_view account) const {
    return knows_somebody() && std::find(persons_.begin(), persons_.end(),
                                         hash_of(keys, member, account)) != persons_.end();
}

void known_browser::remember(http::response& answer, const jose::key_ring& keys, randomness& random,
                             const member_slug& member, std::string_view account) {
    if (token_.empty()) token_ = random.token(16);
    auto person = hash_of(keys, member, account);
    std::erase(persons_, person);
    persons_.insert(persons_.begin(), std::move(person));
    if (persons_.size() > most_persons) persons_.resize(most_persons);
    auto plain = token_;
    for (const auto& one : persons_) plain.append("\n").append(one);
    answer.headers.emplace_back(
        "Set-Cookie", http::host_cookie(cookie, keys.seal(sealed_for, plain), half_a_year));
}

}  // namespace kommpass::idp::login
