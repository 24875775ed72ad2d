#include "tests/support/remembered_directories.hpp"

#include "config/vocabulary/prepared_string.hpp"
#include "directory/home_realm.hpp"

namespace kommpass::tests {

using boost::asio::awaitable;
using directory::look_up_error;
using directory::look_up_failure;
using directory::sign_in_error;
using directory::sign_in_failure;

namespace {

sign_in_failure failed(sign_in_error error) { return {error, "test", false, false, {}}; }

}  // namespace

remembered_directories::account& remembered_directories::add(const std::string& member,
                                                             const std::string& user,
                                                             const std::string& password) {
    account made;
    made.password = password;
    made.who.member = member_slug(member);
    made.who.id = directory_id("id-of-" + user + "-in-" + member);
    made.who.login_name = user;
    made.who.dn = "uid=" + user + ",ou=people,dc=" + member + ",dc=example";
    return accounts_[{member, user}] = std::move(made);
}

remembered_directories::account* remembered_directories::find(const member_slug& member,
                                                              const std::string& typed) {
    const auto name = prepared(directory::split_user_name(typed).local);
    const auto found = accounts_.find({member.str(), name});
    return found == accounts_.end() ? nullptr : &found->second;
}

std::chrono::milliseconds remembered_directories::ask(directory::attempt_gate& gate,
                                                      const account* found,
                                                      const std::string& typed) const {
    const auto name = prepared(directory::split_user_name(typed).local);
    return gate
        .admit(found == nullptr ? directory::account_of_name(name)
                                : directory::account_of_id(found->who.id.str()))
        .wait;
}

awaitable<result<identity, sign_in_failure>> remembered_directories::sign_in(
    member_slug member, std::string user_name, secret_string password,
    directory::attempt_gate& gate) {
    const auto* const found = find(member, user_name);
    if (const auto wait = ask(gate, found, user_name); wait.count() > 0) {
        auto failure = failed(sign_in_error::too_many_attempts);
        failure.wait = wait;
        co_return failure;
    }
    ++password_checks;
    passwords_seen[member.str()].emplace_back(password.reveal());
    if (unreachable_[member.str()]) co_return failed(sign_in_error::directory_unavailable);
    if (found == nullptr || password.reveal() != found->password)
        co_return failed(sign_in_error::wrong_credentials);
    if (found->fails_with) {
        auto failure = failed(*found->fails_with);
        failure.password_was_right = true;
        failure.may_change = found->may_change;
        failure.grace = found->grace;
        co_return failure;
    }
    if (found->disabled) co_return failed(sign_in_error::account_disabled);
    co_return found->who;
}

awaitable<result<identity, look_up_failure>> remembered_directories::look_up(member_slug member,
                                                                             directory_id id,
                                                                             freshness) {
    ++look_ups;
    if (unreachable_[member.str()])
        co_return look_up_failure{look_up_error::directory_unavailable, "test"};
    for (const auto& [key, known] : accounts_) {
        if (key.first != member.str() || known.who.id != id) continue;
        if (known.disabled) co_return look_up_failure{look_up_error::disabled, "test"};
        co_return known.who;
    }
    co_return look_up_failure{look_up_error::no_such_person, "test"};
}

awaitable<result<identity, look_up_failure>> remembered_directories::look_up_by_name(
    member_slug member, std::string user_name) {
    if (unreachable_[member.str()])
        co_return look_up_failure{look_up_error::directory_unavailable, "test"};
    const auto found = accounts_.find({member.str(), user_name});
    if (found == accounts_.end()) co_return look_up_failure{look_up_error::no_such_person, "test"};
    co_return found->second.who;
}

awaitable<result<void, directory::password_change_failure>> remembered_directories::change_password(
    member_slug member, std::string user_name, secret_string old_password,
    secret_string new_password, std::string connection, directory::attempt_gate& gate) {
    using directory::password_change_error;
    using directory::password_change_failure;
    if (unreachable_[member.str()])
        co_return password_change_failure{
            password_change_error::directory_unavailable, "test", {}, {}};
    auto* const found = find(member, user_name);
    if (const auto wait = ask(gate, found, user_name); wait.count() > 0)
        co_return password_change_failure{
            password_change_error::too_many_attempts, "test", {}, wait};
    passwords_seen[member.str()].emplace_back(old_password.reveal());
    connections_seen.push_back(std::move(connection));
    if (found == nullptr || old_password.reveal() != found->password)
        co_return password_change_failure{password_change_error::wrong_credentials, "test", {}, {}};
    if (found->change_fails_with) co_return *found->change_fails_with;
    found->password = std::string(new_password.reveal());
    found->fails_with.reset();
    co_return result<void, password_change_failure>();
}

awaitable<result<directory::account_standings, look_up_failure>>
remembered_directories::check_accounts(member_slug member, std::vector<directory_id> ids) {
    if (unreachable_[member.str()])
        co_return look_up_failure{look_up_error::directory_unavailable, "test"};
    directory::account_standings standings;
    for (const auto& id : ids) {
        const auto found = co_await look_up(member, id, freshness::fresh);
        if (!found) standings.gone.push_back(id);
    }
    co_return standings;
}

awaitable<result<void, look_up_failure>> remembered_directories::read_identities(
    member_slug member, std::function<bool(const identity&, std::size_t)> on_person) {
    if (unreachable_[member.str()])
        co_return look_up_failure{look_up_error::directory_unavailable, "test"};
    std::vector<identity> all;
    for (const auto& [key, known] : accounts_) {
        if (key.first == member.str() && !known.disabled) all.push_back(known.who);
    }
    const auto end = end_of_reading(member.str(), all.size());
    if (!end) all.resize(stops_after_.at(member.str()));
    for (const auto& one : all) {
        if (!on_person(one, all.size()))
            co_return look_up_failure{look_up_error::cut_off, "the asker ended the reading"};
    }
    co_return end;
}

awaitable<result<void, look_up_failure>> remembered_directories::read_persons(
    member_slug member, std::function<void(const identity&)> on_person) {
    if (unreachable_[member.str()])
        co_return look_up_failure{look_up_error::directory_unavailable, "test"};
    std::vector<identity> all;
    for (const auto& [key, known] : accounts_) {
        if (key.first == member.str()) all.push_back(known.who);
    }
    const auto end = end_of_reading(member.str(), all.size());
    if (!end) all.resize(stops_after_.at(member.str()));
    for (const auto& one : all) on_person(one);
    co_return end;
}

result<void, look_up_failure> remembered_directories::end_of_reading(const std::string& member,
                                                                     std::size_t of) const {
    const auto found = stops_after_.find(member);
    if (found == stops_after_.end() || found->second >= of) return {};
    return look_up_failure{look_up_error::cut_off,
                           std::to_string(found->second) + ", Size limit exceeded"};
}

}  // namespace kommpass::tests
