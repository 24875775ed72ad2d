#include "tests/idp/attacks/hostile_directory.hpp"

namespace kommpass::tests::attacks {

using boost::asio::awaitable;
using directory::attempt_gate;
using directory::look_up_error;
using directory::look_up_failure;
using directory::password_change_failure;
using directory::sign_in_failure;

namespace {

// FNV-1a: the same on every machine, which std::hash is not.
std::uint32_t folded(const std::string& text, std::uint32_t start) {
    std::uint32_t sum = 2166136261U ^ start;
    for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 16777619U;
    return sum;
}

std::string group_name(const std::string& dn) {
    const auto equals = dn.find('=');
    if (equals == std::string::npos) return dn;
    return dn.substr(equals + 1, dn.find(',') - equals - 1);
}

// As a name or mail address could be dressed up.
std::string dressed(dice& d, std::string text) {
    switch (d.below(8)) {
        case 0:
            for (auto& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
            return text;
        case 1:
            return text + " ";
        case 2:
            return "\u200b" + text;
        case 3:
            return text + d.of({"\n", ",", ", x@hostil.example", "@hostil.example"});
        default:
            return text;
    }
}

}  // namespace

dice hostile_directory::dice_for(const std::string& question) const {
    return dice(folded(question, mood_));
}

identity hostile_directory::somebody(dice& d) const {
    identity who;
    who.member = member_slug(claimed_);
    who.id = directory_id(d.of(lies_.ids));
    who.login_name = dressed(d, d.of(d.one_in(2) ? lies_.names : lies_.words));
    who.mail = d.one_in(4) ? std::string() : dressed(d, d.of(lies_.mails));
    who.display_name = d.of(d.one_in(2) ? lies_.names : lies_.words);
    who.given_name = d.of(lies_.words);
    who.family_name = d.one_in(40) ? std::string(70'000, 'x') : d.of(lies_.words);
    who.phone = d.of(lies_.words);
    who.dn = "uid=" + d.of(lies_.words) + "," +
             d.of({"ou=people,dc=hostil,dc=example", "ou=people,dc=lebus,dc=example",
                   "ou=people,dc=cottbus,dc=example", "dc=example", ""});
    const auto groups = d.one_in(30) ? 3000 : d.below(lies_.groups.size());
    for (std::size_t i = 0; i < groups; ++i) {
        const auto& dn = d.of(lies_.groups);
        who.groups.push_back({dn, group_name(dn), {}});
    }
    who.groups_cut_off = d.one_in(5);
    for (const auto* name : {"department", "title", "employeenumber", "street", "l", "postalcode",
                             "mail", "uid", "o"}) {
        if (d.one_in(2)) who.attributes[name] = {d.of(lies_.words), d.of(lies_.mails)};
    }
    for (const auto* name : {"employeenumber", "mail"}) {
        if (d.one_in(2)) who.ties[name] = d.of(d.one_in(2) ? lies_.words : lies_.mails);
    }
    return who;
}

identity hostile_directory::administrator(const std::string& user) const {
    identity who;
    who.member = member_slug(hostile_);
    who.id = directory_id("id-of-" + user);
    who.login_name = user;
    who.display_name = user;
    who.dn = "uid=" + user + ",ou=people,dc=hostil,dc=example";
    for (const auto& dn : kept_.at(user)) who.groups.push_back({dn, group_name(dn), {}});
    return who;
}

awaitable<result<identity, sign_in_failure>> hostile_directory::sign_in(member_slug member,
                                                                        std::string user_name,
                                                                        secret_string password,
                                                                        attempt_gate& gate) {
    if (!is_hostile(member))
        co_return co_await honest_.sign_in(member, std::move(user_name), std::move(password), gate);
    // Whose entry it is said to be is its own to say.
    if (const auto wait = gate.admit(directory::account_of_id(user_name)).wait; wait.count() > 0)
        co_return sign_in_failure{directory::sign_in_error::too_many_attempts, "", false, false,
                                  wait};
    reached_.push_back(user_name);
    reached_.emplace_back(password.reveal());
    const auto local = user_name.substr(0, user_name.find('@'));
    if (kept_.contains(local)) co_return administrator(local);
    auto d = dice_for("sign-in " + user_name);
    if (d.one_in(6)) {
        using enum directory::sign_in_error;
        constexpr std::array all{wrong_credentials,    ambiguous_name,    password_expired,
                                 password_must_change, account_locked,    account_disabled,
                                 outside_hours,        too_many_attempts, directory_unavailable};
        sign_in_failure no{
            all[d.below(all.size())], d.of(lies_.words), d.one_in(2), d.one_in(2), {}};
        if (d.one_in(3))
            no.grace = directory::grace_sign_in{d.one_in(2) ? 0 : 2'147'483'647, d.of(lies_.words)};
        co_return no;
    }
    auto who = somebody(d);
    if (d.one_in(8)) who.password_expires_at = from_unix_seconds(1'790'000'000);
    co_return who;
}

awaitable<result<identity, look_up_failure>> hostile_directory::look_up(member_slug member,
                                                                        directory_id id,
                                                                        freshness how) {
    if (!is_hostile(member)) co_return co_await honest_.look_up(member, id, how);
    reached_.push_back(id.str());
    for (const auto& [user, groups] : kept_) {
        if (id.view() == "id-of-" + user) co_return administrator(user);
    }
    auto d = dice_for("look-up " + id.str());
    if (d.one_in(8)) {
        using enum directory::look_up_error;
        constexpr std::array all{no_such_person, disabled, directory_unavailable,
                                 directory_misconfigured};
        co_return look_up_failure{all[d.below(all.size())], d.of(lies_.words)};
    }
    auto who = somebody(d);
    if (!d.one_in(4)) who.id = id;  // else the entry of somebody else
    co_return who;
}

awaitable<result<identity, look_up_failure>> hostile_directory::look_up_by_name(
    member_slug member, std::string user_name) {
    if (!is_hostile(member)) co_return co_await honest_.look_up_by_name(member, user_name);
    reached_.push_back(user_name);
    if (kept_.contains(user_name)) co_return administrator(user_name);
    auto d = dice_for("name " + user_name);
    co_return somebody(d);
}

awaitable<result<void, password_change_failure>> hostile_directory::change_password(
    member_slug member, std::string user_name, secret_string old_password,
    secret_string new_password, std::string connection, attempt_gate& gate) {
    if (!is_hostile(member)) {
        co_return co_await honest_.change_password(member, std::move(user_name),
                                                   std::move(old_password), std::move(new_password),
                                                   std::move(connection), gate);
    }
    if (const auto wait = gate.admit(directory::account_of_id(user_name)).wait; wait.count() > 0)
        co_return password_change_failure{directory::password_change_error::too_many_attempts, "",
                                          "", wait};
    reached_.push_back(user_name);
    reached_.emplace_back(old_password.reveal());
    reached_.emplace_back(new_password.reveal());
    auto d = dice_for("change " + user_name);
    if (d.one_in(2)) co_return result<void, password_change_failure>();
    co_return password_change_failure{
        directory::password_change_error::quality, "", "<b>no</b>", {}};
}

awaitable<result<void, look_up_failure>> hostile_directory::read_persons(
    member_slug member, std::function<void(const identity&)> on_person) {
    if (!is_hostile(member)) co_return co_await honest_.read_persons(member, std::move(on_person));
    auto d = dice_for("persons");
    for (std::size_t i = d.below(20); i > 0; --i) on_person(somebody(d));
    if (d.one_in(3)) co_return look_up_failure{look_up_error::cut_off, d.of(lies_.words)};
    co_return result<void, look_up_failure>();
}

awaitable<result<void, look_up_failure>> hostile_directory::read_identities(
    member_slug member, std::function<bool(const identity&, std::size_t)> on_person) {
    if (!is_hostile(member))
        co_return co_await honest_.read_identities(member, std::move(on_person));
    auto d = dice_for("identities");
    const auto said = d.below(30);
    for (std::size_t i = d.below(20); i > 0; --i) {
        if (!on_person(somebody(d), said))
            co_return look_up_failure{look_up_error::cut_off, "ended by the asker"};
    }
    if (d.one_in(3)) co_return look_up_failure{look_up_error::cut_off, d.of(lies_.words)};
    co_return result<void, look_up_failure>();
}

awaitable<result<directory::account_standings, look_up_failure>> hostile_directory::check_accounts(
    member_slug member, std::vector<directory_id> ids) {
    if (!is_hostile(member)) co_return co_await honest_.check_accounts(member, std::move(ids));
    auto d = dice_for("accounts");
    directory::account_standings made;
    for (std::size_t i = d.below(5); i > 0; --i) made.gone.emplace_back(d.of(lies_.ids));
    if (!ids.empty() && d.one_in(2)) made.gone.push_back(ids.front());
    co_return made;
}

}  // namespace kommpass::tests::attacks
