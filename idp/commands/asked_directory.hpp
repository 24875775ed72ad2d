#pragma once

#include "config/vocabulary/clock.hpp"
#include "directory/ldap_directories.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>

namespace kommpass::idp::commands {

// One member's directory for the command line: asks one question and blocks until it is answered.
// `question` gets the directories and gives an awaitable of the answer.
template <class Question>
[[nodiscard]] auto ask_directory(const member_slug& member, const directory_settings& settings,
                                 directory::permitted_addresses reachable, Question question) {
    using answer =
        typename std::invoke_result_t<Question&, directory::ldap_directories&>::value_type;
    const system_clock time;
    directory::federation shared(time, std::move(reachable));
    boost::asio::io_context io(1);
    directory::ldap_directories directories(io, shared);
    directories.take_members({{member, settings}});
    std::optional<answer> came;
    std::exception_ptr failed;
    boost::asio::co_spawn(io, question(directories), [&](std::exception_ptr failure, answer one) {
        failed = failure;
        if (!failure) came.emplace(std::move(one));
        directories.stop();
    });
    io.run();
    if (failed) std::rethrow_exception(failed);
    return *std::move(came);
}

}  // namespace kommpass::idp::commands
