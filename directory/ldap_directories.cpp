#include "directory/ldap_directories.hpp"

#include <stdexcept>

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;
using steady = std::chrono::steady_clock;

constexpr std::size_t most_remembered = 2048;

std::string key_of(const member_slug& member, const directory_id& id) {
    return member.str() + "\n" + id.str();
}

}  // namespace

ldap_directories::ldap_directories(boost::asio::io_context& io, federation& shared)
    : io_(io), shared_(shared) {}

ldap_directories::~ldap_directories() { stop(); }

void ldap_directories::take_members(const std::map<member_slug, directory_settings>& members) {
    for (auto at = clients_.begin(); at != clients_.end();) {
        const auto found = members.find(at->first);
        const bool unchanged = found != members.end() && found->second == at->second->settings();
        at = unchanged ? std::next(at) : clients_.erase(at);
    }
    settings_ = members;
    recent_.clear();
    by_key_.clear();
}

void ldap_directories::stop() { clients_.clear(); }

std::shared_ptr<member_client> ldap_directories::client_of(const member_slug& member) {
    if (const auto known = clients_.find(member); known != clients_.end()) return known->second;
    const auto found = settings_.find(member);
    if (found == settings_.end())
        throw std::invalid_argument("member " + member.str() + " is not known here");
    auto made = std::make_shared<member_client>(io_, member, found->second, shared_);
    clients_.emplace(member, made);
    return made;
}

std::shared_ptr<member_client> ldap_directories::drafted_client(const member_slug& member,
                                                                const directory_settings& drafted) {
    const auto in_force = settings_.find(member);
    if (in_force != settings_.end() && in_force->second == drafted) return client_of(member);
    return std::make_shared<member_client>(io_, member, drafted, shared_);
}

const identity* ldap_directories::recall(const std::string& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    if (found->second->until <= steady::now()) {
        recent_.erase(found->second);
        by_key_.erase(found);
        return nullptr;
    }
    return &found->second->who;
}

void ldap_directories::remember(std::string key, const identity& who,
                                std::chrono::milliseconds fresh_for) {
    if (fresh_for <= std::chrono::milliseconds(0)) return;
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
        recent_.erase(found->second);
        by_key_.erase(found);
    }
    recent_.push_front({key, who, steady::now() + fresh_for});
    by_key_.emplace(std::move(key), recent_.begin());
    if (recent_.size() > most_remembered) {
        by_key_.erase(recent_.back().key);
        recent_.pop_back();
    }
}

awaitable<result<identity, sign_in_failure>> ldap_directories::sign_in(member_slug member,
                                                                       std::string user_name,
                                                                       secret_string password,
                                                                       attempt_gate& gate) {
    const auto client = client_of(member);
    const auto fresh_for = client->settings().identity_cache;
    auto answer = co_await client->sign_in(std::move(user_name), std::move(password), gate);
    if (answer) remember(key_of(member, answer->id), *answer, fresh_for);
    co_return answer;
}

awaitable<result<identity, look_up_failure>> ldap_directories::look_up(member_slug member,
                                                                       directory_id id,
                                                                       freshness wanted) {
    auto key = key_of(member, id);
    if (wanted == freshness::cached) {
        if (const auto* known = recall(key)) co_return *known;
    }
    const auto client = client_of(member);
    const auto fresh_for = client->settings().identity_cache;
    auto answer = co_await client->look_up(id);
    if (answer) remember(std::move(key), *answer, fresh_for);
    co_return answer;
}

awaitable<result<identity, look_up_failure>> ldap_directories::look_up_by_name(
    member_slug member, std::string user_name) {
    const auto client = client_of(member);
    co_return co_await client->look_up_by_name(std::move(user_name));
}

awaitable<result<void, password_change_failure>> ldap_directories::change_password(
    member_slug member, std::string user_name, secret_string old_password,
    secret_string new_password, std::string connection, attempt_gate& gate) {
    const auto client = client_of(member);
    co_return co_await client->change_password(std::move(user_name), std::move(old_password),
                                               std::move(new_password), std::move(connection),
                                               gate);
}

awaitable<result<void, look_up_failure>> ldap_directories::read_persons(
    member_slug member, std::function<void(const identity&)> on_person) {
    const auto client = client_of(member);
    co_return co_await client->read_persons(std::move(on_person));
}

awaitable<result<void, look_up_failure>> ldap_directories::read_identities(
    member_slug member, std::function<bool(const identity&, std::size_t)> on_person) {
    const auto client = client_of(member);
    co_return co_await client->read_identities(std::move(on_person));
}

awaitable<result<identity, look_up_failure>> ldap_directories::look_up_drafted(
    member_slug member, std::shared_ptr<const directory_settings> drafted, directory_id id) {
    const auto client = drafted_client(member, *drafted);
    co_return co_await client->look_up(id);
}

awaitable<result<identity, look_up_failure>> ldap_directories::find_drafted(
    member_slug member, std::shared_ptr<const directory_settings> drafted, std::string user_name) {
    const auto client = drafted_client(member, *drafted);
    co_return co_await client->look_up_by_name(std::move(user_name));
}

awaitable<result<void, look_up_failure>> ldap_directories::read_drafted(
    member_slug member, std::shared_ptr<const directory_settings> drafted,
    std::function<bool(const identity&, std::size_t)> on_person) {
    const auto client = drafted_client(member, *drafted);
    co_return co_await client->read_identities(std::move(on_person));
}

std::chrono::seconds ldap_directories::silent_for(const member_slug& member) const {
    const auto since = shared_.statistics.of(member)->silent_since.load(std::memory_order_relaxed);
    if (since == 0) return std::chrono::seconds(0);
    return std::chrono::seconds(to_unix_seconds(shared_.time.now()) - since);
}

awaitable<result<account_standings, look_up_failure>> ldap_directories::check_accounts(
    member_slug member, std::vector<directory_id> ids) {
    const auto client = client_of(member);
    co_return co_await client->check_accounts(std::move(ids));
}

}  // namespace kommpass::directory
