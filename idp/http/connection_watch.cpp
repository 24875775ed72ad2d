#include "idp/http/connection_watch.hpp"

namespace kommpass::idp::http {

void watched_connection::expire() noexcept {
    expired_ = true;
    boost::system::error_code ignored;
    if (waiting_ == waiting::request) {
        socket_.cancel(ignored);
    } else {
        socket_.close(ignored);
    }
    waiting_ = waiting::nothing;
}

void watched_connection::end_if_idle() noexcept {
    if (waiting_ != waiting::idle) return;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

void watched_connection::close() noexcept {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

}  // namespace kommpass::idp::http
