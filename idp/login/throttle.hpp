#pragma once

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <memory>
#include <string_view>

namespace kommpass::idp::login {

// Slows the guessing of passwords down, for each account and for each address (of IPv6 the /64
// network): `config::throttle_settings` says how. Ask `wait_for` before a password is tried, and
// tell the outcome afterwards; an attempt that is withdrawn, or of which nothing is told (the
// directory did not answer), counts for nothing. What an account is called is the caller's to say:
// `counted_attempt`.
//
// Attempts at one account that run at the same time count as failed ones until they are told of,
// once the account has a failure to its name: else a burst would be free of charge. Without one, up
// to 256 may run.
//
// A right password clears the account, and takes one failure off the address: a town hall's many
// good sign-ins outweigh its typing errors, while whoever only guesses is slowed.
//
// Memory is bounded (about 8 MB); when it is full, what has been quiet longest is forgotten. Names
// are kept only as keyed hashes, so that nobody can aim at a place in the table. Thread-safe.
class throttle {
public:
    throttle(const config::throttle_settings&, const clock&);
    ~throttle();

    // Zero: may be tried now. Else how long to wait; nothing is counted then.
    [[nodiscard]] std::chrono::milliseconds wait_for(std::string_view account,
                                                     const boost::asio::ip::address&);
    // By the address alone; no attempt begins.
    [[nodiscard]] std::chrono::milliseconds wait_for(const boost::asio::ip::address&);
    // By the account alone, whatever was guessed from the address.
    [[nodiscard]] std::chrono::milliseconds wait_for(std::string_view account);

    void failed(std::string_view account, const boost::asio::ip::address&);
    void failed(std::string_view account);
    void succeeded(std::string_view account, const boost::asio::ip::address&);
    void withdrawn(std::string_view account);

private:
    class table;
    std::unique_ptr<table> accounts_;
    std::unique_ptr<table> addresses_;
};

}  // namespace kommpass::idp::login
