// What a connection sends; how the answers come back is in ldap_connection.cpp.
#include "directory/ldap_connection.hpp"
#include "directory/unicode_pwd.hpp"

#include <algorithm>
#include <array>

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;
using steady = std::chrono::steady_clock;

struct free_control {
    void operator()(LDAPControl* control) const noexcept { ldap_control_free(control); }
};

// Refers to the secret's bytes; libldap copies them into the message.
berval borrowed(std::string_view bytes) { return {bytes.size(), const_cast<char*>(bytes.data())}; }

timeval time_limit(steady_time deadline) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(deadline - steady::now());
    return {std::max<long>(1, left.count()), 0};
}

LDAPControl policy_request() {
    return {const_cast<char*>(LDAP_CONTROL_PASSWORDPOLICYREQUEST), {0, nullptr}, 0};
}

}  // namespace

awaitable<answered> ldap_connection::search(search_request request, steady_time deadline) {
    int message_id = 0;
    if (!is_open() || send_search(request, nullptr, deadline, message_id) != LDAP_SUCCESS) {
        close();
        co_return operation_error::lost;
    }
    co_return co_await wait_for(message_id, kind::search, deadline);
}

awaitable<answered> ldap_connection::listen(search_request request, request_control control,
                                            std::function<void(const feed_message&)> on_message) {
    constexpr auto for_ever = steady_time::max();
    int message_id = 0;
    if (!is_open() || send_search(request, &control, for_ever, message_id) != LDAP_SUCCESS) {
        close();
        co_return operation_error::lost;
    }
    co_return co_await wait_for(message_id, kind::other, for_ever, std::move(on_message));
}

awaitable<answered> ldap_connection::read_root_dse(std::vector<std::string> attributes,
                                                   steady_time deadline) {
    search_request request;
    request.scope = LDAP_SCOPE_BASE;
    request.attributes = std::move(attributes);
    co_return co_await search(std::move(request), deadline);
}

int ldap_connection::send_search(const search_request& request, const request_control* control,
                                 steady_time deadline, int& message_id) {
    std::vector<char*> names;
    for (const auto& name : request.attributes) names.push_back(const_cast<char*>(name.c_str()));
    names.push_back(nullptr);
    std::unique_ptr<LDAPControl, free_control> paging;
    if (request.page_size > 0) {
        auto cookie = borrowed(request.page_cookie);
        LDAPControl* made = nullptr;
        if (ldap_create_page_control(handle_.get(), request.page_size,
                                     request.page_cookie.empty() ? nullptr : &cookie, 0,
                                     &made) != LDAP_SUCCESS) {
            return LDAP_LOCAL_ERROR;
        }
        paging.reset(made);
    }
    LDAPControl special{};
    if (control != nullptr)
        special = {const_cast<char*>(control->oid.c_str()), borrowed(control->value), 1};
    std::array<LDAPControl*, 3> controls{};
    std::size_t count = 0;
    if (paging) controls[count++] = paging.get();
    if (control != nullptr) controls[count++] = &special;
    auto limit = deadline == steady_time::max() ? timeval{} : time_limit(deadline);
    return ldap_search_ext(handle_.get(), request.base.c_str(), request.scope,
                           request.filter.c_str(), names.data(), 0,
                           count > 0 ? controls.data() : nullptr, nullptr,
                           limit.tv_sec > 0 ? &limit : nullptr, request.size_limit, &message_id);
}

awaitable<answered> ldap_connection::bind(std::string dn, secret_string password,
                                          steady_time deadline) {
    auto policy = policy_request();
    LDAPControl* controls[] = {&policy, nullptr};
    auto credentials = borrowed(password.reveal());
    int message_id = 0;
    if (!is_open() || ldap_sasl_bind(handle_.get(), dn.c_str(), LDAP_SASL_SIMPLE, &credentials,
                                     controls, nullptr, &message_id) != LDAP_SUCCESS) {
        close();
        co_return operation_error::lost;
    }
    co_return co_await wait_for(message_id, kind::bind, deadline);
}

awaitable<answered> ldap_connection::bind_as_nobody(steady_time deadline) {
    berval nothing{0, const_cast<char*>("")};
    int message_id = 0;
    if (!is_open() || ldap_sasl_bind(handle_.get(), "", LDAP_SASL_SIMPLE, &nothing, nullptr,
                                     nullptr, &message_id) != LDAP_SUCCESS) {
        close();
        co_return operation_error::lost;
    }
    co_return co_await wait_for(message_id, kind::other, deadline);
}

awaitable<answered> ldap_connection::modify_password(std::string dn, secret_string old_password,
                                                     secret_string new_password,
                                                     steady_time deadline) {
    auto policy = policy_request();
    LDAPControl* controls[] = {&policy, nullptr};
    auto user = borrowed(dn);
    auto before = borrowed(old_password.reveal());
    auto after = borrowed(new_password.reveal());
    int message_id = 0;
    if (!is_open() || ldap_passwd(handle_.get(), &user, &before, &after, controls, nullptr,
                                  &message_id) != LDAP_SUCCESS) {
        close();
        co_return operation_error::lost;
    }
    co_return co_await wait_for(message_id, kind::other, deadline);
}

awaitable<answered> ldap_connection::change_unicode_pwd(std::string dn, secret_string old_password,
                                                        secret_string new_password,
                                                        steady_time deadline) {
    const auto before = unicode_pwd_value(old_password);
    const auto after = unicode_pwd_value(new_password);
    auto old_value = borrowed(before.reveal());
    auto new_value = borrowed(after.reveal());
    berval* old_values[] = {&old_value, nullptr};
    berval* new_values[] = {&new_value, nullptr};
    auto* const attribute = const_cast<char*>("unicodePwd");
    LDAPMod remove{LDAP_MOD_DELETE | LDAP_MOD_BVALUES, attribute, {}};
    remove.mod_bvalues = old_values;
    LDAPMod add{LDAP_MOD_ADD | LDAP_MOD_BVALUES, attribute, {}};
    add.mod_bvalues = new_values;
    LDAPMod* changes[] = {&remove, &add, nullptr};
    int message_id = 0;
    if (!is_open() || ldap_modify_ext(handle_.get(), dn.c_str(), changes, nullptr, nullptr,
                                      &message_id) != LDAP_SUCCESS) {
        close();
        co_return operation_error::lost;
    }
    co_return co_await wait_for(message_id, kind::other, deadline);
}

}  // namespace kommpass::directory
