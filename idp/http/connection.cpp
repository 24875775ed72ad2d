#include "idp/http/connection.hpp"

#include "idp/http/client_certificate.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <concepts>

namespace kommpass::idp::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using tls_stream = asio::ssl::stream<tcp::socket>;
using waiting = watched_connection::waiting;

constexpr std::chrono::seconds leave_taking{2};
// What a client may still send after it was refused, so that it gets to read why.
constexpr std::size_t most_discarded = 1024 * 1024;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
// A body up to this size goes into one TLS record with its head.
constexpr std::size_t joined_body = 12 * 1024;

tcp::socket& socket_of(tcp::socket& stream) noexcept { return stream; }
tcp::socket& socket_of(tls_stream& stream) noexcept { return stream.next_layer(); }

// One connection, from the accept to its end. `run` is its only coroutine.
template <class Stream>
class connection {
    static constexpr bool has_tls = std::same_as<Stream, tls_stream>;

public:
    connection(std::shared_ptr<server_core> core, Stream stream, asio::ip::address peer,
               std::shared_ptr<asio::ssl::context> tls)
        : core_(std::move(core)),
          tls_(std::move(tls)),
          stream_(std::move(stream)),
          peer_(std::move(peer)),
          watch_(socket_of(stream_)),
          reader_({core_->limits.header_bytes, core_->limits.body_bytes}) {
        core_->enter(watch_);
    }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection() { core_->leave(); }

    asio::awaitable<void> run() {
        boost::system::error_code ec;
        if constexpr (has_tls) {
            wait_at_most(waiting::transfer, core_->limits.request_timeout);
            co_await stream_.async_handshake(asio::ssl::stream_base::server,
                                             asio::redirect_error(asio::use_awaitable, ec));
            if (ec) co_return;
            if (core_->listener->asks_for_certificate())
                certificate_ = peer_certificate(stream_.native_handle());
        }
        wait_at_most(waiting::idle, core_->limits.request_timeout);
        while (true) {
            const auto next = reader_.advance();
            if (next == request_reader::step::need_more) {
                if (!co_await read_more()) break;
                if (!timed_out_) continue;
            }
            if (next == request_reader::step::send_continue) {
                co_await asio::async_write(stream_, asio::buffer(go_on),
                                           asio::redirect_error(asio::use_awaitable, ec));
                if (ec) co_return;
                continue;
            }
            const auto began = std::chrono::steady_clock::now();
            if (next == request_reader::step::complete) {
                watch_.wait_for_nothing();
                if (const auto* handle = begin_answer()) co_await await_answer(*handle);
            } else {
                answer_refusal(timed_out_ ? 408 : reader_.refusal());
            }
            prepare_answer();
            const bool sent = send_at_once() || co_await send_rest();
            core_->tell(reader_.current(), route_, answer_.status, body_sent_.size(), began);
            if (!sent) co_return;
            if (!keep_) break;
            reader_.next_request();
            reading_ = false;
            wait_at_most(waiting::idle, core_->limits.idle_timeout);
        }
        co_await take_leave();
    }

private:
    void wait_at_most(waiting what, std::chrono::milliseconds how_long) noexcept {
        watch_.wait_for(what, core_->tick_after(how_long));
    }

    // False when the connection is at its end. The deadline of a request runs from its first byte
    // to its last, however many pieces it comes in.
    asio::awaitable<bool> read_more() {
        if (reader_.has_begun() && !reading_) {
            reading_ = true;
            wait_at_most(waiting::request, core_->limits.request_timeout);
        }
        if (!reading_ && core_->is_stopping()) co_return false;
        const auto space = reader_.free_space();
        boost::system::error_code ec;
        const auto bytes =
            co_await stream_.async_read_some(asio::buffer(space.data(), space.size()),
                                             asio::redirect_error(asio::use_awaitable, ec));
        if (ec) {
            timed_out_ = watch_.is_expired() && reading_ && ec == asio::error::operation_aborted;
            co_return timed_out_;
        }
        reader_.arrived(bytes);
        co_return true;
    }

    // Null: the answer is there.
    const handler* begin_answer() {
        name_request();
        core_->base.take_off(reader_.current());
        auto decided = core_->dispatch.decide(reader_.current());
        route_ = decided.route;
        answer_ = std::move(decided.answer);
        keep_ = reader_.keep_alive();
        return decided.to_await;
    }

    asio::awaitable<void> await_answer(const handler& handle) {
        const auto& asked = reader_.current();
        try {
            answer_ = co_await handle(asked);
        } catch (...) {
            answer_ = core_->dispatch.after_exception(asked);
        }
    }

    void answer_refusal(unsigned status) {
        reader_.give_up();
        name_request();
        route_ = nullptr;
        keep_ = false;
        refused_ = true;
        answer_ = core_->dispatch.refuse(reader_.current(), status);
    }

    void name_request() {
        auto& asked = reader_.current();
        core_->ids.write_next(asked.id);
        asked.peer = core_->proxies.client_of(asked, peer_);
        const bool is_trusted = core_->proxies.trusts(peer_);
        if (!is_trusted) forget_what_proxies_say(asked);
        take_certificate(asked, core_->certificate_header, is_trusted, certificate_);
    }

    void prepare_answer() {
        const auto& asked = reader_.current();
        core_->dispatch.finish(answer_, asked, route_);
        core_->base.put_on(answer_);
        if (core_->ends_after_answer()) keep_ = false;
        const auto after = !keep_                  ? persistence::closed
                           : reader_.is_http_1_0() ? persistence::kept_as_asked
                                                   : persistence::kept;
        write_head(head_, answer_, core_->security, core_->date(), asked.id, after);
        const bool is_head = asked.method == method::head && !refused_;
        body_sent_ = is_head ? std::string_view() : body_of(answer_);
        if (has_tls && body_sent_.size() <= joined_body) head_.append(body_sent_);
        sent_ = 0;
    }

    [[nodiscard]] std::array<asio::const_buffer, 2> unsent() const noexcept {
        const bool joined = has_tls && body_sent_.size() <= joined_body;
        const auto head = asio::buffer(head_);
        const auto body = joined ? asio::const_buffer() : asio::buffer(body_sent_);
        const auto of_head = std::min(sent_, head.size());
        return {head + of_head, body + (sent_ - of_head)};
    }

    // Most answers fit into the socket's buffer: no need to go through the reactor for them.
    bool send_at_once() {
        if constexpr (has_tls) {
            return false;
        } else {
            boost::system::error_code ec;
            sent_ = stream_.write_some(unsent(), ec);
            return !ec && asio::buffer_size(unsent()) == 0;
        }
    }

    asio::awaitable<bool> send_rest() {
        wait_at_most(waiting::transfer, core_->limits.request_timeout);
        const auto rest = unsent();
        boost::system::error_code ec;
        co_await asio::async_write(stream_, rest, asio::redirect_error(asio::use_awaitable, ec));
        co_return !ec;
    }

    // Closing with unread bytes would reset the connection, and the client might lose the answer
    // that says what was wrong: so what it still sends is read and thrown away, within bounds.
    asio::awaitable<void> take_leave() {
        wait_at_most(waiting::transfer, leave_taking);
        boost::system::error_code ec;
        if constexpr (has_tls) {
            co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, ec));
        }
        if (!refused_) co_return;
        auto& socket = socket_of(stream_);
        socket.shutdown(tcp::socket::shutdown_send, ec);
        std::array<char, 4096> thrown_away;
        for (std::size_t total = 0; !ec && total < most_discarded;) {
            total += co_await socket.async_read_some(asio::buffer(thrown_away),
                                                     asio::redirect_error(asio::use_awaitable, ec));
        }
    }

    const std::shared_ptr<server_core> core_;
    const std::shared_ptr<asio::ssl::context> tls_;  // the stream refers to it
    Stream stream_;
    const asio::ip::address peer_;
    std::string certificate_;  // of the client, from TLS
    watched_connection watch_;
    request_reader reader_;
    const router::route* route_ = nullptr;
    response answer_;
    std::string head_;
    std::string_view body_sent_;
    std::size_t sent_ = 0;
    bool keep_ = true;
    bool reading_ = false;
    bool timed_out_ = false;
    bool refused_ = false;
};

template <class Stream>
void start(std::shared_ptr<server_core> core, Stream stream, asio::ip::address peer,
           std::shared_ptr<asio::ssl::context> tls) {
    const auto executor = stream.get_executor();
    auto made = std::make_unique<connection<Stream>>(std::move(core), std::move(stream),
                                                     std::move(peer), std::move(tls));
    asio::co_spawn(
        executor, [owned = std::move(made)] { return owned->run(); }, asio::detached);
}

}  // namespace

void serve(std::shared_ptr<server_core> core, tcp::socket socket, asio::ip::address peer) {
    boost::system::error_code ec;
    socket.non_blocking(true, ec);
    socket.set_option(tcp::no_delay(true), ec);
    auto tls = core->listener->tls();
    if (!tls) return start(std::move(core), std::move(socket), std::move(peer), nullptr);
    tls_stream stream(std::move(socket), *tls);
    start(std::move(core), std::move(stream), std::move(peer), std::move(tls));
}

}  // namespace kommpass::idp::http
