#pragma once

#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace kommpass::idp::service {

// What ends or shows by itself as time goes by and needs the members' directories: reviews whose
// time is over, incompatible roles that a change in a directory brought about. One I/O thread only.
class caretaker {
public:
    caretaker(boost::asio::io_context&, provider&);
    caretaker(const caretaker&) = delete;
    void start();
    void stop();

private:
    boost::asio::awaitable<void> go_round();

    boost::asio::io_context& io_;
    provider& provider_;
    boost::asio::steady_timer next_;
    instant looked_at_{};
    instant looked_at_certificates_{};
    bool stopped_ = false;
};

}  // namespace kommpass::idp::service
