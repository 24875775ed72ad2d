#include "idp/login/next_page.hpp"

#include "idp/http/decimal_number.hpp"
#include "idp/http/form.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/sessions/sealed_address.hpp"

namespace kommpass::idp::login {
namespace {

constexpr std::string_view sealed_for = "sign-in page 2";
constexpr unsigned most_seconds = 7 * 24 * 3600;
constexpr unsigned most_sign_ins = 1'000;

using pairs = std::vector<std::pair<std::string, std::string>>;

void put(pairs& all, const char* name, const std::string& text) {
    if (!text.empty()) all.emplace_back(name, text);
}

void put(pairs& all, const char* name, unsigned number) {
    if (number != 0) all.emplace_back(name, std::to_string(number));
}

template <typename Value>
unsigned number_of(Value value) {
    return static_cast<unsigned>(value);
}

std::string text_in(const http::form& form, std::string_view name) {
    return std::string(form.get(name).value_or(std::string_view()));
}

unsigned number_in(const http::form& form, std::string_view name, unsigned most) {
    const auto text = form.get(name);
    const auto number = text ? http::decimal_number(*text) : std::nullopt;
    return number && *number <= most ? static_cast<unsigned>(*number) : 0;
}

template <typename Value>
Value value_in(const http::form& form, std::string_view name, Value last) {
    return static_cast<Value>(number_in(form, name, number_of(last)));
}

}  // namespace

std::optional<std::string> next_page::address(const jose::key_ring& keys) const {
    pairs head;
    put(head, "shows", number_of(shows));
    put(head, "name", user_name);
    put(head, "query", query);
    put(head, "problem", number_of(message.problem));
    put(head, "wait", static_cast<unsigned>(message.wait.count()));
    put(head, "what", number_of(prompt.what));
    put(head, "days", prompt.days_left);
    put(head, "said", prompt.server_message);
    put(head, "later", number_of(prompt.offer_later));
    if (prompt.sign_ins_left) head.emplace_back("left", std::to_string(*prompt.sign_ins_left));
    put(head, "lang", number_of(lang));
    put(head, "answer", answer);
    // A form-encoded line holds no line end; the state may hold several.
    return sessions::sealed_address("/sign-in?page=", keys, sealed_for,
                                    http::with_query({}, head) + "\n" + state.text());
}

std::optional<next_page> next_page::open(std::string_view sealed, const jose::key_ring& keys) {
    using namespace web;
    const auto plain = keys.open(sealed_for, sealed);
    const auto line = plain ? plain->find('\n') : std::string::npos;
    if (line == std::string::npos) return std::nullopt;
    const auto head = std::string_view(*plain).substr(0, line);
    const auto form = http::form::parse(head.substr(std::min<std::size_t>(1, head.size())));
    auto state = sign_in_state::read(std::string_view(*plain).substr(line + 1));
    if (!form || !state) return std::nullopt;
    next_page page{value_in(*form, "shows", face::anew), *std::move(state)};
    page.user_name = text_in(*form, "name");
    page.query = text_in(*form, "query");
    page.message = {value_in(*form, "problem", sign_in_problem::member_unknown),
                    std::chrono::seconds(number_in(*form, "wait", most_seconds))};
    page.prompt = {value_in(*form, "what", password_page::message::unavailable),
                   number_in(*form, "days", most_seconds), text_in(*form, "said"),
                   number_in(*form, "later", 1) == 1};
    if (form->get("left")) page.prompt.sign_ins_left = number_in(*form, "left", most_sign_ins);
    page.lang = value_in(*form, "lang", language::dsb);
    page.answer = text_in(*form, "answer");
    return page;
}

bool next_page::is_too_old(instant now) const noexcept {
    const auto age = now - state.started;
    return shows == face::answer ? age > answer_lifetime : age > sign_in_state::lifetime;
}

}  // namespace kommpass::idp::login
