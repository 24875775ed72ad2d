#include "directory/line/ldap_layer.hpp"

#include "directory/line/tls_session.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace kommpass::directory {
namespace {

constexpr unsigned char sequence = 0x30;  // begins every LDAPMessage (RFC 4511, 4.1.1)
constexpr int option_of_layer = 0x4b50;   // asks for the layer itself; no option of liblber

}  // namespace

// As liblber calls them.
struct layer_functions {
    static ldap_layer& of(Sockbuf_IO_Desc* place) {
        return *static_cast<ldap_layer*>(place->sbiod_pvt);
    }
    static int set_up(Sockbuf_IO_Desc* place, void* layer) {
        place->sbiod_pvt = layer;
        return 0;
    }
    static int remove(Sockbuf_IO_Desc* place) {
        delete static_cast<ldap_layer*>(place->sbiod_pvt);
        place->sbiod_pvt = nullptr;
        return 0;
    }
    static int control(Sockbuf_IO_Desc* place, int option, void* argument) {
        auto& layer = of(place);
        if (option == option_of_layer) {
            *static_cast<ldap_layer**>(argument) = &layer;
            return 1;
        }
        const bool ready =
            option == LBER_SB_OPT_DATA_READY && layer.tls_ != nullptr && layer.tls_->has_pending();
        return ready ? 1 : LBER_SBIOD_CTRL_NEXT(place, option, argument);
    }
    static ber_slen_t read(Sockbuf_IO_Desc* place, void* into, ber_len_t size) {
        auto& layer = of(place);
        const auto got =
            layer.tls_ ? layer.tls_->read(into, size) : ::recv(layer.descriptor_, into, size, 0);
        auto& heard = *layer.heard_;
        if (got > 0 && !heard.first) heard.first = *static_cast<unsigned char*>(into);
        if (got == 0) errno = 0;
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) heard.ended = true;
        return got;
    }
    static ber_slen_t write(Sockbuf_IO_Desc* place, void* from, ber_len_t size) {
        auto& layer = of(place);
        const auto sent = layer.tls_ ? layer.tls_->write(from, size)
                                     : ::send(layer.descriptor_, from, size, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) layer.heard_->ended = true;
        return sent;
    }
    static int close(Sockbuf_IO_Desc* place) {
        of(place).tls_.reset();  // says farewell while the descriptor is open
        return 0;
    }
};

namespace {
Sockbuf_IO functions{layer_functions::set_up, layer_functions::remove, layer_functions::control,
                     layer_functions::read,   layer_functions::write,  layer_functions::close};
}  // namespace

ldap_layer::ldap_layer(int descriptor) : descriptor_(descriptor) {}
ldap_layer::~ldap_layer() = default;

ldap_layer* ldap_layer::put_below(LDAP* handle, int descriptor) {
    Sockbuf* buffer = nullptr;
    if (ldap_get_option(handle, LDAP_OPT_SOCKBUF, &buffer) != LDAP_OPT_SUCCESS) return nullptr;
    std::unique_ptr<ldap_layer> made(new ldap_layer(descriptor));
    if (ber_sockbuf_add_io(buffer, &functions, LBER_SBIOD_LEVEL_TRANSPORT, made.get()) != 0)
        return nullptr;
    return made.release();
}

ldap_layer* ldap_layer::of(LDAP* handle) {
    Sockbuf* buffer = nullptr;
    ldap_layer* found = nullptr;
    if (ldap_get_option(handle, LDAP_OPT_SOCKBUF, &buffer) != LDAP_OPT_SUCCESS ||
        ber_sockbuf_ctrl(buffer, option_of_layer, &found) != 1)
        return nullptr;
    return found;
}

void ldap_layer::secure(std::unique_ptr<tls_session> session) {
    tls_ = std::move(session);
    heard_->first.reset();
}

ldap_layer::awaited ldap_layer::wait_for(LDAP* handle, int message_id,
                                         std::chrono::steady_clock::time_point until) const {
    using std::chrono::microseconds;
    const auto left = std::chrono::duration_cast<microseconds>(std::max(
        until - std::chrono::steady_clock::now(), std::chrono::steady_clock::duration::zero()));
    timeval limit{left.count() / 1'000'000, left.count() % 1'000'000};
    const auto outlasting = heard_;
    LDAPMessage* received = nullptr;
    const int came = ldap_result(handle, message_id, LDAP_MSG_ALL, &limit, &received);
    awaited answer;
    answer.message.reset(received);
    if (came > 0) return answer;
    const bool garbage = outlasting->first && *outlasting->first != sequence;
    if (garbage)
        answer.why = fault::ldap_garbage;
    else if (came < 0)
        answer.why = outlasting->ended ? fault::ldap_cut : fault::ldap_garbage;
    return answer;
}

}  // namespace kommpass::directory
