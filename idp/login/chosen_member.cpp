#include "idp/login/chosen_member.hpp"

#include "config/vocabulary/utf8.hpp"
#include "directory/home_realm.hpp"

#include <algorithm>

namespace kommpass::idp::login {
namespace {

constexpr std::size_t longest_hint = 128;

// Letters of Latin scripts, digits and what names are joined with. Nothing that is blank, that
// turns the direction of reading, or that is nothing to see: it could push the domain out of sight.
bool is_readable(std::string_view character) {
    if (character.size() == 2) {  // U+00C0 to U+024F
        const auto first = static_cast<unsigned char>(character[0]);
        return first >= 0xc3 && (first < 0xc9 || (first == 0xc9 && character[1] <= '\x8f'));
    }
    if (character.size() != 1) return false;
    const char c = character.front();
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || std::string_view("._-+'@\\").find(c) < 7;
}

bool all_readable(std::string_view text) {
    while (!text.empty()) {
        const auto length = utf8_sequence(text);
        if (length == 0 || !is_readable(text.substr(0, length))) return false;
        text.remove_prefix(length);
    }
    return true;
}

}  // namespace

const policies::member* member_of_name(const policies::snapshot& registry,
                                       std::string_view user_name) {
    const auto typed = directory::split_user_name(user_name);
    return typed.domain.empty() ? nullptr : registry.member_of_domain(typed.domain);
}

const policies::member* chosen_member(const policies::snapshot& registry,
                                      const sign_in_state& state) {
    if (state.chosen != member_choice::chosen || state.member.empty()) return nullptr;
    return registry.find_active_member(state.member);
}

const policies::member* addressee(const policies::snapshot& registry, const sign_in_state& state,
                                  std::string_view user_name) {
    const auto* by_domain = member_of_name(registry, user_name);
    if (by_domain == nullptr) return chosen_member(registry, state);
    return by_domain->slug == state.member ? by_domain : nullptr;
}

std::string name_of_hint(std::string_view login_hint) {
    const auto ways = std::count_if(login_hint.begin(), login_hint.end(),
                                    [](char c) { return c == '@' || c == '\\'; });
    const bool readable =
        login_hint.size() <= longest_hint && ways <= 1 && all_readable(login_hint);
    if (!readable || directory::split_user_name(login_hint).local.empty()) return {};
    return std::string(login_hint);
}

}  // namespace kommpass::idp::login
