#include "directory/member_connections.hpp"

#include "directory/federation.hpp"
#include "directory/pool_outcome.hpp"
#include "directory/searched_place.hpp"
#include "directory/value_range.hpp"
#include "directory/vendor_profile.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <optional>

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;
using steady = std::chrono::steady_clock;

constexpr auto quiet_for_long = std::chrono::minutes(10);
constexpr std::size_t most_values = 20'000;  // of one attribute, in ranges

// The server cannot answer now, and another one may (RFC 4511, A.2).
bool is_passing(int code) {
    return code == LDAP_BUSY || code == LDAP_UNAVAILABLE || code == LDAP_OPERATIONS_ERROR;
}

}  // namespace

member_connections::member_connections(boost::asio::io_context& io, federation& shared,
                                       member_slug member,
                                       std::shared_ptr<const directory_settings> settings)
    : io_(io),
      member_(std::move(member)),
      pace_(shared.pace),
      random_(shared.random),
      kept_(shared.kept),
      settings_(std::move(settings)),
      next_look_(io) {
    const auto counters = shared.statistics.of(member_);
    health_ = std::make_shared<replica_health>(
        *settings_, *counters, static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(this)));
    const auto pool = [&](purpose what, sharing how, std::size_t most) {
        return std::make_shared<connection_pool>(io, shared.workers, settings_, health_, counters,
                                                 what, how, most);
    };
    searches_ = pool(purpose::search, sharing::shared, settings_->search_connections);
    pages_ = pool(purpose::search, sharing::exclusive, 1);
    binds_ = pool(purpose::bind, sharing::exclusive, settings_->bind_connections);
    own_ = pool(purpose::search, sharing::exclusive, 1);
}

member_connections::~member_connections() { stop(); }

void member_connections::stop() {
    stopped_ = true;
    next_look_.cancel();
    for (const auto& pool : {searches_, pages_, binds_, own_}) pool->stop();
}

steady_time member_connections::limit_of_attempt(const ldap_connection& connection,
                                                 steady_time deadline) const {
    const auto now = steady::now();
    if (!health_->has_other(connection.replica(), now)) return deadline;
    return std::min(deadline, now + settings_->failover_after);
}

awaitable<outcome<ldap_answer>> member_connections::search(search_request request,
                                                           steady_time deadline) {
    used();
    auto answer = co_await search_once_or_elsewhere(std::move(request), deadline);
    if (answer && answer->code == LDAP_SUCCESS) {
        const auto completed = co_await complete_ranges(answer->entries, deadline);
        if (!completed) co_return completed.error();
    }
    co_return answer;
}

awaitable<outcome<ldap_answer>> member_connections::search_once_or_elsewhere(search_request request,
                                                                             steady_time deadline) {
    const searched_place asked(request.base, request.scope);
    // One more than there are servers for each way in which a connection that sat idle shows that
    // it was cut: by silence, or by an end.
    for (std::size_t attempts_left = health_->size() + 1;; --attempts_left) {
        auto shared = co_await searches_->share(deadline);
        if (!shared) co_return failure_of(shared.error());
        const auto connection = *shared;
        const auto asked_at = steady::now();
        if (may_be_dead(*connection)) suspect(connection);
        const auto until = limit_of_attempt(*connection, deadline);
        auto answer = co_await connection->search(request, until);
        if (answer && !is_passing(answer->code)) {
            answer->elsewhere = asked.keep(answer->entries);
            co_return std::move(*answer);
        }
        directory_failure failed;
        if (answer) {
            failed = {trouble::unavailable,
                      connection->url() + ": " + ldap_err2string(answer->code)};
            if (attempts_left > 0) searches_->give_up(connection, failure_kind::refused);
        } else {
            failed = unanswered(*connection, "a search", answer.error());
            // Silent all the time: it may hang for good. One that has spoken meanwhile is only slow
            // with this search.
            const bool silent = connection->last_heard() <= asked_at;
            if (answer.error() == operation_error::timeout && silent)
                searches_->give_up(connection, failure_kind::timeout);
        }
        if (attempts_left == 0 || steady::now() >= deadline) co_return failed;
    }
}

// [MS-ADTS] 3.1.1.3.1.3.3: "memberOf;range=0-1499" says that there are more than 1,500.
awaitable<result<void, directory_failure>> member_connections::complete_ranges(
    std::vector<ldap_entry>& entries, steady_time deadline) {
    for (auto& entry : entries) {
        while (auto open = take_open_range(entry)) {
            if (entry.attributes[open->attribute].size() >= most_values) {
                entry.cut_off = true;
                break;
            }
            search_request rest;
            rest.base = entry.dn;
            rest.scope = LDAP_SCOPE_BASE;
            rest.attributes = {open->attribute + ";range=" + std::to_string(open->next) + "-*"};
            auto answer = co_await search_once_or_elsewhere(std::move(rest), deadline);
            if (!answer) co_return answer.error();
            const bool found = answer->code == LDAP_SUCCESS && answer->entries.size() == 1;
            if (!found || !add_range(entry, open->attribute, answer->entries.front())) {
                entry.cut_off = true;
                break;
            }
        }
    }
    co_return result<void, directory_failure>();
}

awaitable<outcome<ldap_answer>> member_connections::bind(std::string dn, secret_string password,
                                                         steady_time deadline) {
    used();
    for (std::size_t attempts_left = health_->size();; --attempts_left) {
        auto taken = co_await take_living(binds_, deadline);
        if (!taken) co_return failure_of(taken.error());
        const auto connection = *taken;
        const auto until = limit_of_attempt(*connection, deadline);
        auto copy = password.clone();
        auto answer = co_await connection->bind(dn, std::move(copy), until);
        directory_failure failed;
        if (!answer) {
            failed = unanswered(*connection, "the bind", answer.error());
            if (answer.error() == operation_error::timeout)
                binds_->give_up(connection, failure_kind::timeout);
        } else if (is_passing(answer->code)) {
            failed = {trouble::unavailable,
                      connection->url() + ": " + ldap_err2string(answer->code)};
            if (attempts_left > 0) binds_->give_up(connection, failure_kind::refused);
        }
        if (answer && has_to_be_kept(*answer))
            answer->kept = keep(*connection, dn, *answer->policy.grace_left);
        binds_->give_back(connection);
        if (failed.detail.empty()) co_return std::move(*answer);
        if (attempts_left == 0 || steady::now() >= deadline) co_return failed;
    }
}

awaitable<outcome<std::shared_ptr<ldap_connection>>> member_connections::open_own(
    steady_time deadline) {
    auto taken = co_await own_->take(deadline);
    if (!taken) co_return failure_of(taken.error());
    co_return std::move(*taken);
}

void member_connections::give_back_own(std::shared_ptr<ldap_connection> connection) {
    own_->give_back(std::move(connection));
}

void member_connections::used() {
    last_used_ = steady::now();
    if (looking_after_ || stopped_) return;
    looking_after_ = true;
    // Holds nothing in between: whoever drops the member ends this as well.
    boost::asio::co_spawn(
        io_, [self = shared_from_this()]() -> awaitable<void> { co_await self->look_after(); },
        boost::asio::detached);
}

awaitable<void> member_connections::look_after() {
    while (!stopped_) {
        next_look_.expires_after(settings_->health_check);
        boost::system::error_code woken;
        co_await next_look_.async_wait(
            boost::asio::redirect_error(boost::asio::use_awaitable, woken));
        if (stopped_) co_return;
        if (steady::now() - last_used_ > quiet_for_long) break;
        co_await searches_->look_after();
        co_await pages_->look_after();
        co_await binds_->look_after();
    }
    searches_->close_idle();
    pages_->close_idle();
    binds_->close_idle();
    looking_after_ = false;
}

}  // namespace kommpass::directory
