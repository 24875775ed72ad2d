#include "idp/mail/smtp.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

using namespace kommpass;
using boost::asio::ip::tcp;

TEST_CASE("a server that says nothing is given up as soon as the service stops") {
    boost::asio::io_context io;
    // Takes connections, by the kernel, and never answers.
    tcp::acceptor silent(io, {boost::asio::ip::address_v4::loopback(), 0});
    config::mail_settings settings;
    settings.url = "smtp://127.0.0.1:" + std::to_string(silent.local_endpoint().port());
    settings.from = "kommpass@dikom.example";
    const std::atomic<bool> given_up{true};
    const auto sent =
        idp::mail::send(settings, {}, "anna.noack@amt-lebus.example", "text", given_up);
    REQUIRE_FALSE(sent.has_value());
    CHECK_FALSE(sent.error().no_such_mailbox);
    CHECK(sent.error().message.find("allback") != std::string::npos);  // libcurl: by the callback
}
