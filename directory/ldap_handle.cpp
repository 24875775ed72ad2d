#include "directory/ldap_handle.hpp"

#include "config/secret_source.hpp"
#include "directory/pem.hpp"
#include "directory/server_address.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openldap.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

namespace kommpass::directory {
namespace {

using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

connect_failure unreachable(const std::string& url, const std::string& why,
                            failure_kind kind = failure_kind::connect) {
    return {connect_error::unreachable, kind, url + ": " + why};
}
connect_failure misconfigured(const std::string& url, const std::string& why) {
    return {connect_error::misconfigured, failure_kind::refused, url + ": " + why};
}

struct socket_owner {
    int fd = -1;
    ~socket_owner() {
        if (fd >= 0) ::close(fd);
    }
    int release() { return std::exchange(fd, -1); }
};

bool wait_connected(int fd, steady::time_point until) {
    pollfd waiting{fd, POLLOUT, 0};
    const auto left = std::chrono::duration_cast<milliseconds>(until - steady::now()).count();
    if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) != 1) return false;
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

// Blocking calls on the socket end by themselves as well, should the watch be late.
void bound_blocking_calls(int fd, milliseconds limit) {
    const timeval bound{limit.count() / 1000, (limit.count() % 1000) * 1000};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof bound);
    // A firewall that drops in silence is found out by unanswered data, or by unanswered probes.
    const unsigned unanswered_ms = 10'000;
    const int idle_s = 60;
    ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unanswered_ms, sizeof unanswered_ms);
    ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

result<int, connect_failure> connect_socket(const std::string& url, milliseconds limit,
                                            const permitted_addresses& permitted,
                                            connect_watch& watch) {
    const auto until = steady::now() + limit;
    const auto place = split_directory_url(url);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int failed = ::getaddrinfo(place.host.c_str(), place.port.c_str(), &hints, &found);
        failed != 0) {
        return unreachable(url, std::string("name resolution: ") + ::gai_strerror(failed));
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, ::freeaddrinfo);
    std::string last = "no address";
    std::string forbidden;
    for (const auto* one = found; one != nullptr; one = one->ai_next) {
        if (const auto why = permitted.why_not(*one->ai_addr)) {
            forbidden = *why;
            continue;
        }
        last = "no socket";
        socket_owner socket{::socket(
            one->ai_family, one->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, one->ai_protocol)};
        if (socket.fd < 0) continue;
        if (!watch.watch(socket.fd)) return unreachable(url, "the time is over");
        const bool at_once = ::connect(socket.fd, one->ai_addr, one->ai_addrlen) == 0;
        if (at_once || (errno == EINPROGRESS && wait_connected(socket.fd, until))) {
            ::fcntl(socket.fd, F_SETFL, ::fcntl(socket.fd, F_GETFL) & ~O_NONBLOCK);
            bound_blocking_calls(socket.fd, limit);
            return socket.release();
        }
        watch.watch(-1);
        last = errno == EINPROGRESS ? "no TCP connection in time" : std::strerror(errno);
    }
    if (last == "no address" && !forbidden.empty())
        return misconfigured(url, forbidden +
                                      "; the operator may allow its network, see "
                                      "[directories] in the settings");
    return unreachable(url, last);
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

// libldap sets its TLS library up when the first context is made, and not thread-safe.
void set_up_tls_once() {
    static std::once_flag once;
    std::call_once(once, [] {
        LDAP* handle = nullptr;
        if (ldap_initialize(&handle, nullptr) != LDAP_SUCCESS) return;
        set(handle, LDAP_OPT_X_TLS_NEWCTX, int{0});
        ldap_unbind_ext(handle, nullptr, nullptr);
    });
}

// When a file was last written; a certificate that is renewed makes a new context.
std::string version_of(const std::string& file) {
    struct stat found {};
    if (file.empty() || ::stat(file.c_str(), &found) != 0) return file;
    return file + "@" + std::to_string(found.st_mtim.tv_sec) + "." +
           std::to_string(found.st_mtim.tv_nsec) + "." + std::to_string(found.st_ino);
}

// libldap's TLS contexts by what they were made from. They last as long as the process: there are
// as many as there are authorities and own certificates. Thread-safe.
class tls_contexts {
public:
    static tls_contexts& of_process() {
        // Never ended: a connection may be closing while the process ends.
        static auto& all = *new tls_contexts;
        return all;
    }

    bool give(LDAP* handle, const directory_settings& settings) {
        const auto made_from =
            version_of(settings.ca_file) + "\n" + version_of(settings.client_certificate_file) +
            "\n" + version_of(settings.client_key_file) + "\n" + settings.ca_certificate;
        const std::lock_guard lock(mutex_);
        auto& context = contexts_[made_from];
        if (context != nullptr)
            return ldap_set_option(handle, LDAP_OPT_X_TLS_CTX, context) == LDAP_OPT_SUCCESS;
        // Reading the option takes a reference, which this table keeps.
        return set(handle, LDAP_OPT_X_TLS_NEWCTX, int{0}) &&
               ldap_get_option(handle, LDAP_OPT_X_TLS_CTX, &context) == LDAP_OPT_SUCCESS;
    }

private:
    std::mutex mutex_;
    std::map<std::string, void*> contexts_;
};

bool trust_certificate(LDAP* handle, const std::string& pem) {
    if (pem.empty()) return true;
    // libldap takes a certificate as DER.
    auto der = der_of_pem(pem);
    if (der.empty()) return false;
    const berval bytes{der.size(), der.data()};
    return ldap_set_option(handle, LDAP_OPT_X_TLS_CACERT, &bytes) == LDAP_OPT_SUCCESS;
}

bool name_files(LDAP* handle, const directory_settings& settings) {
    const auto take = [&](int option, const std::string& file) {
        return file.empty() || ldap_set_option(handle, option, file.c_str()) == LDAP_OPT_SUCCESS;
    };
    return take(LDAP_OPT_X_TLS_CACERTFILE, settings.ca_file) &&
           take(LDAP_OPT_X_TLS_CERTFILE, settings.client_certificate_file) &&
           take(LDAP_OPT_X_TLS_KEYFILE, settings.client_key_file);
}

// The order matters: all TLS options first, then the context, which takes them over. Handles with
// the same files share one: reading them costs milliseconds, and libldap 2.5 on GnuTLS loses the
// memory of a client's key with every context that it ends.
bool set_tls_options(LDAP* handle, const directory_settings& settings) {
    if (!name_files(handle, settings) || !trust_certificate(handle, settings.ca_certificate) ||
        !set(handle, LDAP_OPT_X_TLS_REQUIRE_CERT, int{LDAP_OPT_X_TLS_DEMAND}) ||
        !set(handle, LDAP_OPT_X_TLS_REQUIRE_SAN, int{LDAP_OPT_X_TLS_DEMAND}) ||
        !set(handle, LDAP_OPT_X_TLS_PROTOCOL_MIN, int{LDAP_OPT_X_TLS_PROTOCOL_TLS1_2})) {
        return false;
    }
    return tls_contexts::of_process().give(handle, settings);
}

std::string message_of(LDAP* handle, int code) {
    std::string text = ldap_err2string(code);
    char* diagnostic = nullptr;
    if (ldap_get_option(handle, LDAP_OPT_DIAGNOSTIC_MESSAGE, &diagnostic) == LDAP_OPT_SUCCESS &&
        diagnostic != nullptr) {
        if (*diagnostic != '\0') text += std::string(" (") + diagnostic + ")";
        ldap_memfree(diagnostic);
    }
    return text;
}

std::optional<connect_failure> secure(LDAP* handle, const directory_settings& settings,
                                      const std::string& url) {
    if (settings.transport == directory_transport::plain) return std::nullopt;
    for (const auto* file :
         {&settings.ca_file, &settings.client_certificate_file, &settings.client_key_file}) {
        if (!file->empty() && ::access(file->c_str(), R_OK) != 0)
            return misconfigured(url, "the file " + *file + " cannot be read");
    }
    set_up_tls_once();
    if (!set_tls_options(handle, settings))
        return misconfigured(url, "the TLS settings were not accepted");
    const int code = settings.transport == directory_transport::starttls
                         ? ldap_start_tls_s(handle, nullptr, nullptr)
                         : ldap_install_tls(handle);
    if (code == LDAP_SUCCESS && ldap_tls_inplace(handle) == 1) return std::nullopt;
    return unreachable(url, "TLS: " + message_of(handle, code), failure_kind::tls);
}

bool is_refusal(int code) {
    return code == LDAP_INVALID_CREDENTIALS || code == LDAP_INAPPROPRIATE_AUTH ||
           code == LDAP_INVALID_DN_SYNTAX || code == LDAP_INSUFFICIENT_ACCESS ||
           code == LDAP_AUTH_METHOD_NOT_SUPPORTED || code == LDAP_STRONG_AUTH_REQUIRED ||
           code == LDAP_CONFIDENTIALITY_REQUIRED;
}

// RFC 4422, Appendix A: the TLS layer has proven who we are.
std::optional<connect_failure> bind_by_certificate(LDAP* handle, const std::string& url) {
    berval as_the_certificate_says{0, const_cast<char*>("")};  // not absent: the server would ask
    const int code = ldap_sasl_bind_s(handle, nullptr, "EXTERNAL", &as_the_certificate_says,
                                      nullptr, nullptr, nullptr);
    if (code == LDAP_SUCCESS) return std::nullopt;
    const auto text = "client certificate: " + message_of(handle, code);
    return is_refusal(code) ? misconfigured(url, text)
                            : unreachable(url, text, failure_kind::refused);
}

result<secret_string, config::secret_error> password_of(const directory_settings& settings) {
    if (settings.bind_password_sealed.empty())
        return config::read_secret(settings.bind_password_file, settings.bind_password_env);
    if (!settings.bind_password.value)
        return config::secret_error{
            "the sealed password does not open with this key file; enter it again in the console"};
    return settings.bind_password.value->clone();
}

std::optional<connect_failure> bind_service_account(LDAP* handle,
                                                    const directory_settings& settings,
                                                    const std::string& url) {
    if (!settings.client_certificate_file.empty()) return bind_by_certificate(handle, url);
    if (settings.bind_dn.empty()) return std::nullopt;
    const auto password = password_of(settings);
    if (!password) return misconfigured(url, password.error().message);
    berval credentials{password->reveal().size(), const_cast<char*>(password->reveal().data())};
    const int code = ldap_sasl_bind_s(handle, settings.bind_dn.c_str(), LDAP_SASL_SIMPLE,
                                      &credentials, nullptr, nullptr, nullptr);
    if (code == LDAP_SUCCESS) return std::nullopt;
    const auto text = "service account " + settings.bind_dn + ": " + message_of(handle, code);
    return is_refusal(code) ? misconfigured(url, text)
                            : unreachable(url, text, failure_kind::refused);
}

bool plain_text_is_allowed(const directory_settings& settings, const std::string& url) {
    if (settings.transport != directory_transport::plain || settings.allow_plain_text) return true;
    return is_loopback(split_directory_url(url).host);
}

}  // namespace

void connect_watch::cut() {
    const std::lock_guard lock(mutex_);
    cut_ = true;
    if (descriptor_ >= 0) ::shutdown(descriptor_, SHUT_RDWR);
}

bool connect_watch::was_cut() const {
    const std::lock_guard lock(mutex_);
    return cut_;
}

bool connect_watch::watch(int descriptor) {
    const std::lock_guard lock(mutex_);
    descriptor_ = descriptor;
    return !cut_;
}

result<ldap_handle, connect_failure> open_handle(const directory_settings& settings,
                                                 const std::string& url, purpose what,
                                                 const permitted_addresses& permitted,
                                                 connect_watch& watch) {
    if (!plain_text_is_allowed(settings, url)) {
        return misconfigured(
            url, "would send passwords in plain text to another host; use ldaps or starttls");
    }
    const auto fd = connect_socket(url, settings.connect_timeout, permitted, watch);
    if (!fd) return fd.error();
    LDAP* made = nullptr;
    if (const int code = ldap_init_fd(*fd, LDAP_PROTO_TCP, url.c_str(), &made);
        code != LDAP_SUCCESS) {
        watch.watch(-1);
        ::close(*fd);
        return misconfigured(url, ldap_err2string(code));
    }
    ldap_handle handle(made);
    // Before the handle closes its descriptor, the watch must let go of it.
    struct let_go {
        connect_watch& watch;
        ~let_go() { watch.watch(-1); }
    } const letting_go{watch};
    if (!set_options(made) || !bound_messages(made))
        return misconfigured(url, "the options were not accepted");
    if (auto failed = secure(made, settings, url)) return *std::move(failed);
    if (what == purpose::search) {
        if (auto failed = bind_service_account(made, settings, url)) return *std::move(failed);
    }
    ::fcntl(*fd, F_SETFL, ::fcntl(*fd, F_GETFL) | O_NONBLOCK);
    return handle;
}

}  // namespace kommpass::directory
