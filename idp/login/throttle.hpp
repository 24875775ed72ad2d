#pragma once

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"

#include <boost/asio/ip/address.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

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
//
// Several nodes count together by `take_differences` and `take_sums`, about once a second
// (docs/decisions/0066): so much later the others know of a wrong password.
class throttle {
public:
    using name_hash = std::array<std::uint64_t, 2>;
    // `key`: of the hashes; the same on all nodes that count together.
    throttle(const config::throttle_settings&, const clock&, const std::array<std::byte, 32>& key);
    throttle(const config::throttle_settings&, const clock&);  // with a key of its own
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

    // --- with other nodes; called by one thread at a time.
    enum class counted_by { account, address };
    struct difference {
        counted_by kind;
        name_hash name;
        long long failures = 0;
        std::optional<instant> last_failed{};
    };
    struct sum {
        counted_by kind;
        name_hash name;
        unsigned failures = 0;
        std::optional<instant> last_failed{};
    };
    // What the others have not been told, at most `most` of each kind.
    [[nodiscard]] std::vector<difference> take_differences(std::size_t most);
    // They could not be told.
    void not_told(const std::vector<difference>&);
    void take_sums(const std::vector<sum>&);

private:
    class table;
    [[nodiscard]] table& of(counted_by kind) const {
        return kind == counted_by::account ? *accounts_ : *addresses_;
    }
    std::unique_ptr<table> accounts_;
    std::unique_ptr<table> addresses_;
};

}  // namespace kommpass::idp::login
