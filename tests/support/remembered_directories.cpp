#include "tests/support/remembered_directories.hpp"

namespace kommpass::tests {

using boost::asio::awaitable;
using directory::look_up_error;
using directory::look_up_failure;
using directory::sign_in_error;
using directory::sign_in_failure;

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

awaitable<result<identity, sign_in_failure>> remembered_directories::sign_in(
    member_slug member, std::string user_name, secret_string password) {
    ++password_checks;
    if (unreachable_[member.str()])
        co_return sign_in_failure{sign_in_error::directory_unavailable, "test"};
    const auto found = accounts_.find({member.str(), user_name.substr(0, user_name.find('@'))});
    if (found == accounts_.end() || password.reveal() != found->second.password) {
        co_return sign_in_failure{sign_in_error::wrong_credentials, "test"};
    }
    if (found->second.fails_with) co_return sign_in_failure{*found->second.fails_with, "test"};
    if (found->second.disabled) co_return sign_in_failure{sign_in_error::account_disabled, "test"};
    co_return found->second.who;
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
    const auto found = accounts_.find({member.str(), user_name});
    if (found == accounts_.end()) co_return look_up_failure{look_up_error::no_such_person, "test"};
    co_return found->second.who;
}

}  // namespace kommpass::tests
