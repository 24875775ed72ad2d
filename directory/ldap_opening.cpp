#include "directory/ldap_opening.hpp"

#include "config/secret_source.hpp"
#include "directory/line/ldap_layer.hpp"
#include "directory/line/server_certificate.hpp"
#include "directory/line/tls_session.hpp"
#include "directory/server_address.hpp"

#include <openldap.h>

#include <algorithm>
#include <optional>

namespace kommpass::directory {
namespace {

using std::chrono::microseconds;
using steady = std::chrono::steady_clock;
using faults = std::vector<connect_fault>;

microseconds since(steady::time_point began) {
    return std::max(microseconds(1),
                    std::chrono::duration_cast<microseconds>(steady::now() - began));
}

template <class Value>
bool set(LDAP* handle, int option, const Value& value) {
    return ldap_set_option(handle, option, &value) == LDAP_OPT_SUCCESS;
}

bool set_options(LDAP* handle) {
    return set(handle, LDAP_OPT_PROTOCOL_VERSION, int{LDAP_VERSION3}) &&
           ldap_set_option(handle, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) == LDAP_OPT_SUCCESS &&
           set(handle, LDAP_OPT_DEREF, int{LDAP_DEREF_NEVER}) &&
           ldap_set_option(handle, LDAP_OPT_RESTART, LDAP_OPT_ON) == LDAP_OPT_SUCCESS;
}

// A server that announces more than this in one message is cut off before libldap makes room for
// it.
bool bound_messages(LDAP* handle) {
    ber_len_t largest = 16 * 1024 * 1024;
    Sockbuf* buffer = nullptr;
    return ldap_get_option(handle, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS &&
           ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &largest) == 1;
}

std::string said_of(LDAP* handle, LDAPMessage* message, int& code) {
    char* diagnostic = nullptr;
    if (ldap_parse_result(handle, message, &code, nullptr, &diagnostic, nullptr, nullptr, 0) !=
        LDAP_SUCCESS)
        code = LDAP_PROTOCOL_ERROR;
    std::string text = ldap_err2string(code);
    if (diagnostic != nullptr && *diagnostic != '\0') text += std::string(" (") + diagnostic + ")";
    ldap_memfree(diagnostic);
    return text;
}

bool is_refusal(int code) {
    return code == LDAP_INVALID_CREDENTIALS || code == LDAP_INAPPROPRIATE_AUTH ||
           code == LDAP_INVALID_DN_SYNTAX || code == LDAP_INSUFFICIENT_ACCESS ||
           code == LDAP_AUTH_METHOD_NOT_SUPPORTED || code == LDAP_STRONG_AUTH_REQUIRED ||
           code == LDAP_CONFIDENTIALITY_REQUIRED;
}

result<secret_string, config::secret_error> password_of(const directory_settings& settings) {
    if (settings.bind_password_sealed.empty())
        return config::read_secret(settings.bind_password_file, settings.bind_password_env);
    if (!settings.bind_password.value)
        return config::secret_error{
            "the sealed password does not open with this key file; enter it again in the console"};
    return settings.bind_password.value->clone();
}

// One connection on its way from a descriptor to a handle that may be used. Each step gives what is
// wrong, or nothing.
class opening {
public:
    opening(const directory_settings& settings, const std::string& url, steady::time_point until,
            std::int64_t now, opening_steps& steps)
        : settings_(settings),
          place_(split_directory_url(url)),
          url_(url),
          until_(until),
          now_(now),
          steps_(steps) {}

    result<ldap_handle, faults> open(owned_descriptor line, purpose what) {
        keep_alive(line.get(),
                   std::chrono::duration_cast<std::chrono::seconds>(settings_.health_check));
        const int descriptor = line.get();
        LDAP* made = nullptr;
        if (const int code = ldap_init_fd(descriptor, LDAP_PROTO_TCP, url_.c_str(), &made);
            code != LDAP_SUCCESS)
            return faults{{fault::bind_failed, ldap_err2string(code)}};
        (void)line.release();  // the handle's from here on
        ldap_handle handle(made);
        auto* const layer = ldap_layer::put_below(made, descriptor);
        if (layer == nullptr || !set_options(made) || !bound_messages(made))
            return faults{{fault::bind_failed, "libldap did not take its options"}};
        if (auto wrong = secure(made, *layer, descriptor); !wrong.empty()) return wrong;
        if (what == purpose::search) {
            if (auto wrong = bind(made, *layer); !wrong.empty()) return wrong;
        }
        return handle;
    }

private:
    faults secure(LDAP* handle, ldap_layer& layer, int descriptor) {
        if (settings_.transport == directory_transport::plain) return {};
        const auto began = steady::now();
        if (settings_.transport == directory_transport::starttls) {
            if (auto wrong = begin_start_tls(handle, layer)) return {*std::move(wrong)};
        }
        tls_session::seen seen;
        auto session =
            tls_session::establish(descriptor, settings_, place_.host, until_, now_, seen);
        steps_.chain = std::move(seen.chain);
        steps_.tls_parameters = std::move(seen.parameters);
        if (!session) return session.error();
        layer.secure(*std::move(session));
        steps_.tls = since(began);
        return {};
    }

    std::optional<connect_fault> begin_start_tls(LDAP* handle, ldap_layer& layer) {
        int id = 0;
        if (ldap_extended_operation(handle, LDAP_EXOP_START_TLS, nullptr, nullptr, nullptr, &id) !=
            LDAP_SUCCESS)
            return connect_fault{fault::starttls_cut, {}};
        const auto answer = layer.wait_for(handle, id, until_);
        if (!answer.message) {
            const auto what = answer.why == fault::ldap_cut       ? fault::starttls_cut
                              : answer.why == fault::ldap_garbage ? fault::starttls_garbage
                                                                  : fault::starttls_silent;
            return connect_fault{what, {}};
        }
        int code = LDAP_SUCCESS;
        auto said = said_of(handle, answer.message.get(), code);
        if (code == LDAP_SUCCESS) return std::nullopt;
        return connect_fault{fault::starttls_refused, std::move(said)};
    }

    faults bind(LDAP* handle, ldap_layer& layer) {
        const bool by_certificate = !settings_.client_certificate_file.empty();
        if (!by_certificate && settings_.bind_dn.empty()) return {};
        const auto began = steady::now();
        int id = 0;
        std::string who;
        int sent = LDAP_SUCCESS;
        if (by_certificate) {
            who = settings_.client_certificate_file;
            // RFC 4422, Appendix A: the TLS layer has proven who we are. Not absent, or the server
            // would ask.
            berval as_the_certificate_says{0, const_cast<char*>("")};
            sent = ldap_sasl_bind(handle, nullptr, "EXTERNAL", &as_the_certificate_says, nullptr,
                                  nullptr, &id);
        } else {
            who = settings_.bind_dn;
            const auto password = password_of(settings_);
            if (!password) return {{fault::password_unreadable, password.error().message}};
            berval credentials{password->reveal().size(),
                               const_cast<char*>(password->reveal().data())};
            sent = ldap_sasl_bind(handle, who.c_str(), LDAP_SASL_SIMPLE, &credentials, nullptr,
                                  nullptr, &id);
        }
        if (sent != LDAP_SUCCESS) return {{fault::ldap_cut, {}}};
        return judge_bind(handle, layer.wait_for(handle, id, until_), who, began);
    }

    faults judge_bind(LDAP* handle, const ldap_layer::awaited& answer, const std::string& who,
                      steady::time_point began) {
        if (!answer.message) return {{answer.why, {}}};
        int code = LDAP_SUCCESS;
        const auto said = who + ": " + said_of(handle, answer.message.get(), code);
        steps_.bind = since(began);
        if (code == LDAP_SUCCESS) return {};
        return {{is_refusal(code) ? fault::bind_refused : fault::bind_failed, said}};
    }

    const directory_settings& settings_;
    server_address place_;
    const std::string& url_;
    steady::time_point until_;
    std::int64_t now_;
    opening_steps& steps_;
};

}  // namespace

result<ldap_handle, faults> open_over(owned_descriptor line, const directory_settings& settings,
                                      const std::string& url, purpose what,
                                      steady::time_point until, std::int64_t now,
                                      opening_steps& steps) {
    return opening(settings, url, until, now, steps).open(std::move(line), what);
}

}  // namespace kommpass::directory
