// How a new password is brought to the directory, and over which connection.
#include "directory/member_connections.hpp"

#include "directory/pool_outcome.hpp"
#include "directory/vendor_profile.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <optional>

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;
using steady = std::chrono::steady_clock;

}  // namespace

awaitable<outcome<ldap_answer>> member_connections::change_password(std::string dn,
                                                                    secret_string old_password,
                                                                    secret_string new_password,
                                                                    std::string kept,
                                                                    steady_time deadline) {
    used();
    if (changes_as_the_service()) {
        co_return co_await change_unicode_pwd(std::move(dn), std::move(old_password),
                                              std::move(new_password), deadline);
    }
    co_return co_await modify_password(std::move(dn), std::move(old_password),
                                       std::move(new_password), std::move(kept), deadline);
}

// As the person, so that the server's own rules on who may change what hold.
awaitable<outcome<ldap_answer>> member_connections::modify_password(std::string dn,
                                                                    secret_string old_password,
                                                                    secret_string new_password,
                                                                    std::string kept,
                                                                    steady_time deadline) {
    int sign_ins_left = 0;
    if (auto bound = co_await take_kept(kept, dn, sign_ins_left, deadline)) {
        co_return co_await modify_bound(std::move(bound), sign_ins_left, std::move(dn),
                                        std::move(old_password), std::move(new_password), deadline);
    }
    auto taken = co_await take_living(binds_, deadline);
    if (!taken) co_return failure_of(taken.error());
    const auto connection = *taken;
    auto proof = old_password.clone();
    auto answer = co_await connection->bind(dn, std::move(proof), deadline);
    outcome<ldap_answer> end = directory_failure{};
    if (!answer) {
        end = unanswered(*connection, "the password change", answer.error());
    } else if (answer->code != LDAP_SUCCESS) {
        end = std::move(*answer);
    } else {
        const int left = answer->policy.grace_left.value_or(-1);
        end = co_await modify_bound(connection, left, std::move(dn), std::move(old_password),
                                    std::move(new_password), deadline);
    }
    connection->close();  // nothing of the person stays on a connection that others use
    binds_->give_back(connection);
    co_return end;
}

// `sign_ins_left`: negative where the bind was none of the last ones.
awaitable<outcome<ldap_answer>> member_connections::modify_bound(
    std::shared_ptr<ldap_connection> connection, int sign_ins_left, std::string dn,
    secret_string old_password, secret_string new_password, steady_time deadline) {
    auto answer = co_await connection->modify_password(dn, std::move(old_password),
                                                       std::move(new_password), deadline);
    if (!answer) {
        connection->close();
        co_return unanswered(*connection, "the password change", answer.error());
    }
    if (answer->code != LDAP_SUCCESS && sign_ins_left >= 0) {
        answer->policy.grace_left = sign_ins_left;
        answer->kept = keep(*connection, dn, sign_ins_left);
    }
    connection->close();
    co_return std::move(*answer);
}

bool member_connections::has_to_be_kept(const ldap_answer& answer) const {
    return answer.code == LDAP_SUCCESS && answer.policy.grace_left && settings_->change_password &&
           !changes_as_the_service();
}

std::string member_connections::keep(ldap_connection& connection, const std::string& dn,
                                     int sign_ins_left) {
    const auto until = pace_.now() + kept_connections::lifetime;
    kept_connections::kept one{connection.release(), member_, settings_, dn, sign_ins_left, until};
    if (!one.connection.handle) return {};
    auto name = kept_.keep(std::move(one), random_);
    auto close_in_time = [&kept = kept_, &time = pace_, until]() -> awaitable<void> {
        co_await time.until(until);
        kept.close_old(time.now());
    };
    boost::asio::co_spawn(io_, std::move(close_in_time), boost::asio::detached);
    return name;
}

// On this thread, and alive: the server may have closed it, or something in between may have
// forgotten it. Null: there is none any more. After the last sign-in nothing else would help: a
// server that is slow at that moment has all the time there is.
awaitable<std::shared_ptr<ldap_connection>> member_connections::take_kept(const std::string& kept,
                                                                          const std::string& dn,
                                                                          int& sign_ins_left,
                                                                          steady_time deadline) {
    if (kept.empty()) co_return nullptr;
    auto found = kept_.take(kept, member_, *settings_, dn, pace_.now());
    if (!found) co_return nullptr;
    sign_ins_left = found->sign_ins_left;
    auto& line = found->connection;
    auto connection = std::make_shared<ldap_connection>(io_, std::move(line.handle), line.replica,
                                                        std::move(line.counters));
    connection->start();
    std::vector<std::string> nothing{"1.1"};
    const auto until = sign_ins_left == 0 ? deadline : found_dead_at(deadline);
    const auto answer = co_await connection->read_root_dse(std::move(nothing), until);
    if (answer) co_return connection;
    connection->close();
    co_return nullptr;
}

// As the service account, which has proven nothing but itself: the old password is the proof.
awaitable<outcome<ldap_answer>> member_connections::change_unicode_pwd(std::string dn,
                                                                       secret_string old_password,
                                                                       secret_string new_password,
                                                                       steady_time deadline) {
    auto shared = co_await searches_->share(deadline);
    if (!shared) co_return failure_of(shared.error());
    const auto connection = *shared;
    auto answer = co_await connection->change_unicode_pwd(std::move(dn), std::move(old_password),
                                                          std::move(new_password), deadline);
    if (!answer) co_return unanswered(*connection, "the password change", answer.error());
    co_return std::move(*answer);
}

awaitable<result<void, directory_failure>> member_connections::rehearse_bind(
    steady_time keeps_until, steady_time deadline) {
    used();
    auto taken = co_await take_living(binds_, deadline);
    if (!taken) co_return failure_of(taken.error());
    co_await pace_.until(std::min(deadline, keeps_until));
    binds_->give_back(*taken);
    co_return result<void, directory_failure>();
}

awaitable<result<void, directory_failure>> member_connections::rehearse_change(
    steady_time keeps_until, steady_time deadline) {
    used();
    if (changes_as_the_service()) {
        auto shared = co_await searches_->share(deadline);
        if (!shared) co_return failure_of(shared.error());
        co_await pace_.until(std::min(deadline, keeps_until));
        co_return result<void, directory_failure>();
    }
    auto taken = co_await take_living(binds_, deadline);
    if (!taken) co_return failure_of(taken.error());
    co_await pace_.until(std::min(deadline, keeps_until));
    (*taken)->close();  // as a change does: the next one has to open another
    binds_->give_back(*taken);
    co_return result<void, directory_failure>();
}

bool member_connections::changes_as_the_service() const {
    return profile_of(settings_->vendor).password_change == password_change_way::unicode_pwd;
}

}  // namespace kommpass::directory
