#include "directory/ldap_connection.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "directory/utf8.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;

// What one operation may bring, whatever the server thinks: a page has far less.
constexpr std::size_t most_entries = 10'000;
constexpr std::size_t most_bytes = 16 * 1024 * 1024;
constexpr std::size_t largest_value = 64 * 1024;

struct free_message {
    void operator()(LDAPMessage* message) const noexcept { ldap_msgfree(message); }
};
struct free_controls {
    void operator()(LDAPControl** controls) const noexcept { ldap_controls_free(controls); }
};
struct free_text {
    void operator()(char* text) const noexcept { ldap_memfree(text); }
};
struct free_values {
    void operator()(berval** values) const noexcept { ldap_value_free_len(values); }
};
struct free_control {
    void operator()(LDAPControl* control) const noexcept { ldap_control_free(control); }
};
struct free_ber {
    void operator()(BerElement* ber) const noexcept { ber_free(ber, 0); }
};
using controls = std::unique_ptr<LDAPControl*, free_controls>;
using owned_text = std::unique_ptr<char, free_text>;

int descriptor_of(LDAP* handle) {
    int fd = -1;
    ldap_get_option(handle, LDAP_OPT_DESC, &fd);
    return fd;
}

password_policy_error policy_of(LDAP* handle, LDAPControl** received) {
    auto* control = ldap_control_find(LDAP_CONTROL_PASSWORDPOLICYRESPONSE, received, nullptr);
    if (control == nullptr) return password_policy_error::none;
    ber_int_t expires = 0;
    ber_int_t grace = 0;
    LDAPPasswordPolicyError error = PP_noError;
    if (ldap_parse_passwordpolicy_control(handle, control, &expires, &grace, &error) !=
        LDAP_SUCCESS) {
        return password_policy_error::none;
    }
    switch (error) {
        case PP_passwordExpired:
            return password_policy_error::expired;
        case PP_accountLocked:
            return password_policy_error::locked;
        case PP_changeAfterReset:
            return password_policy_error::change_after_reset;
        default:
            return password_policy_error::none;
    }
}

std::string cookie_of(LDAP* handle, LDAPControl** received) {
    auto* control = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, received, nullptr);
    ber_int_t estimate = 0;
    berval cookie{0, nullptr};
    if (control == nullptr ||
        ldap_parse_pageresponse_control(handle, control, &estimate, &cookie) != LDAP_SUCCESS)
        return {};
    std::string text(cookie.bv_val, cookie.bv_len);
    ldap_memfree(cookie.bv_val);
    return text;
}

}  // namespace

std::string ldap_entry::first(std::string_view attribute) const {
    for (const auto& value : all(attribute)) {
        if (is_utf8(value)) return value;
    }
    return {};
}

const std::vector<std::string>& ldap_entry::all(std::string_view attribute) const {
    static const std::vector<std::string> none;
    const auto found = attributes.find(lower_case(attribute));
    return found == attributes.end() ? none : found->second;
}

ldap_connection::ldap_connection(boost::asio::io_context& io, ldap_handle handle)
    : io_(io), handle_(std::move(handle)), readable_(io, descriptor_of(handle_.get())) {}

ldap_connection::~ldap_connection() { close(); }

void ldap_connection::start() {
    auto self = shared_from_this();
    boost::asio::co_spawn(
        io_, [self]() -> awaitable<void> { co_await self->read_until_closed(); },
        boost::asio::detached);
}

awaitable<result<ldap_answer, operation_error>> ldap_connection::search(search_request request,
                                                                        steady_time deadline) {
    int message_id = 0;
    if (!is_open() || send_search(request, message_id) != LDAP_SUCCESS) {
        close();
        co_return operation_error::lost;
    }
    co_return co_await wait_for(message_id, deadline);
}

int ldap_connection::send_search(const search_request& request, int& message_id) {
    std::vector<char*> names;
    for (const auto& name : request.attributes) names.push_back(const_cast<char*>(name.c_str()));
    names.push_back(nullptr);
    std::unique_ptr<LDAPControl, free_control> paging;
    if (request.page_size > 0) {
        berval cookie{request.page_cookie.size(), const_cast<char*>(request.page_cookie.data())};
        LDAPControl* made = nullptr;
        if (ldap_create_page_control(handle_.get(), request.page_size,
                                     request.page_cookie.empty() ? nullptr : &cookie, 0,
                                     &made) != LDAP_SUCCESS) {
            return LDAP_LOCAL_ERROR;
        }
        paging.reset(made);
    }
    LDAPControl* server_controls[] = {paging.get(), nullptr};
    return ldap_search_ext(
        handle_.get(), request.base.c_str(), request.scope, request.filter.c_str(), names.data(), 0,
        paging ? server_controls : nullptr, nullptr, nullptr, request.size_limit, &message_id);
}

awaitable<result<ldap_answer, operation_error>> ldap_connection::bind(std::string dn,
                                                                      secret_string password,
                                                                      steady_time deadline) {
    LDAPControl policy{const_cast<char*>(LDAP_CONTROL_PASSWORDPOLICYREQUEST), {0, nullptr}, 0};
    LDAPControl* server_controls[] = {&policy, nullptr};
    berval credentials{password.reveal().size(), const_cast<char*>(password.reveal().data())};
    int message_id = 0;
    if (!is_open() || ldap_sasl_bind(handle_.get(), dn.c_str(), LDAP_SASL_SIMPLE, &credentials,
                                     server_controls, nullptr, &message_id) != LDAP_SUCCESS) {
        close();
        co_return operation_error::lost;
    }
    co_return co_await wait_for(message_id, deadline);
}

awaitable<result<ldap_answer, operation_error>> ldap_connection::wait_for(int message_id,
                                                                          steady_time deadline) {
    const auto self = shared_from_this();
    const auto waiting = std::make_shared<pending>(io_);
    waiting_.emplace(message_id, waiting);
    waiting->wake.expires_at(deadline);
    boost::system::error_code woken;
    co_await waiting->wake.async_wait(
        boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    if (waiting->finished) co_return std::move(waiting->answer);
    if (waiting->lost) co_return operation_error::lost;
    waiting_.erase(message_id);
    if (is_open()) ldap_abandon_ext(handle_.get(), message_id, nullptr, nullptr);
    co_return operation_error::timeout;
}

awaitable<void> ldap_connection::read_until_closed() {
    while (is_open()) {
        boost::system::error_code error;
        co_await readable_.async_wait(
            boost::asio::posix::stream_descriptor::wait_read,
            boost::asio::redirect_error(boost::asio::use_awaitable, error));
        if (!is_open()) co_return;
        if (error || !drain()) {
            close();
            co_return;
        }
    }
}

// After one readable event several messages may be buffered already. False once the connection is
// at its end.
bool ldap_connection::drain() {
    while (is_open()) {
        timeval at_once{0, 0};
        LDAPMessage* received = nullptr;
        const int kind =
            ldap_result(handle_.get(), LDAP_RES_ANY, LDAP_MSG_ONE, &at_once, &received);
        if (kind == 0) return true;
        if (kind < 0) return false;
        last_heard_ = std::chrono::steady_clock::now();
        const std::unique_ptr<LDAPMessage, free_message> owned(received);
        take(received);
    }
    return false;
}

void ldap_connection::take(LDAPMessage* message) {
    const auto found = waiting_.find(ldap_msgid(message));
    if (found == waiting_.end()) return;  // abandoned, or an unsolicited notice
    const auto waiting = found->second;
    switch (ldap_msgtype(message)) {
        case LDAP_RES_SEARCH_ENTRY:
            return take_entry(message, *waiting);
        case LDAP_RES_SEARCH_REFERENCE:
            return;  // reported nowhere and never followed
        default:
            break;
    }
    take_result(message, *waiting);
    waiting->finished = true;
    waiting_.erase(found);
    waiting->wake.cancel();
}

void ldap_connection::take_entry(LDAPMessage* message, pending& waiting) {
    auto& answer = waiting.answer;
    if (answer.entries.size() >= most_entries || waiting.bytes >= most_bytes) {
        answer.cut_off = true;
        return;
    }
    ldap_entry entry;
    const owned_text dn(ldap_get_dn(handle_.get(), message));
    if (dn) entry.dn = dn.get();
    BerElement* cursor = nullptr;
    owned_text name(ldap_first_attribute(handle_.get(), message, &cursor));
    const std::unique_ptr<BerElement, free_ber> owned_cursor(cursor);
    while (name) {
        const std::unique_ptr<berval*, free_values> values(
            ldap_get_values_len(handle_.get(), message, name.get()));
        auto& kept = entry.attributes[lower_case(name.get())];
        for (auto** value = values.get(); value != nullptr && *value != nullptr; ++value) {
            waiting.bytes += (*value)->bv_len;
            if ((*value)->bv_len > largest_value || waiting.bytes > most_bytes)
                entry.cut_off = true;
            else
                kept.emplace_back((*value)->bv_val, (*value)->bv_len);
        }
        name.reset(ldap_next_attribute(handle_.get(), message, cursor));
    }
    answer.entries.push_back(std::move(entry));
}

void ldap_connection::take_result(LDAPMessage* message, pending& waiting) {
    auto& answer = waiting.answer;
    char* diagnostic = nullptr;
    LDAPControl** received = nullptr;
    if (ldap_parse_result(handle_.get(), message, &answer.code, nullptr, &diagnostic, nullptr,
                          &received, 0) != LDAP_SUCCESS) {
        answer.code = LDAP_PROTOCOL_ERROR;
        return;
    }
    const owned_text owned_diagnostic(diagnostic);
    const controls owned_controls(received);
    if (diagnostic != nullptr) answer.diagnostic = std::string(diagnostic).substr(0, 300);
    answer.policy = policy_of(handle_.get(), received);
    answer.page_cookie = cookie_of(handle_.get(), received);
}

void ldap_connection::close() {
    if (!is_open()) return;
    readable_.release();  // the handle closes the descriptor
    handle_.reset();
    const auto lost = std::move(waiting_);
    waiting_.clear();
    for (const auto& [id, waiting] : lost) {
        waiting->lost = true;
        waiting->wake.cancel();
    }
}

}  // namespace kommpass::directory
