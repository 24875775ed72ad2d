#include "idp/observe/log.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "idp/observe/log_line.hpp"
#include "tests/support/turned_clock.hpp"

#include <boost/json/parse.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace kommpass;
using config::log_format;
using config::log_level;
using idp::observe::field;
using idp::observe::format_line;

namespace {

const auto at = from_unix_seconds(1'790'000'000) + std::chrono::milliseconds(7);

// A file in memory that a log writes to.
class log_file {
public:
    log_file() : descriptor_(::memfd_create("log", MFD_CLOEXEC)) {}
    log_file(const log_file&) = delete;
    log_file& operator=(const log_file&) = delete;
    ~log_file() { ::close(descriptor_); }
    [[nodiscard]] int descriptor() const { return descriptor_; }
    [[nodiscard]] std::string text() const {
        std::string all(static_cast<std::size_t>(::lseek(descriptor_, 0, SEEK_END)), '\0');
        const auto got = ::pread(descriptor_, all.data(), all.size(), 0);
        all.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        return all;
    }

private:
    int descriptor_;
};

}  // namespace

static_assert(!std::is_constructible_v<field, std::string_view, const secret_string&>,
              "a secret cannot be logged");
static_assert(!std::is_constructible_v<field, std::string_view, secret_string>,
              "a secret cannot be logged");

TEST_CASE("an event is one logfmt line with its fields") {
    CHECK(format_line(log_format::logfmt, at, log_level::warning, "directory.unavailable",
                      {{"member", "lebus"},
                       {"host", std::string("10.1.2.3:636")},
                       {"after_ms", 3000},
                       {"retry", true},
                       {"share", 0.5}}) ==
          "time=2026-09-21T14:13:20.007Z level=warning event=directory.unavailable member=lebus "
          "host=10.1.2.3:636 after_ms=3000 retry=true share=0.5\n");
}

TEST_CASE("a value cannot begin a line or a field of its own") {
    const auto line = format_line(log_format::logfmt, at, log_level::info, "e",
                                  {{"a", "x\nevent=forged"},
                                   {"b", "y level=error"},
                                   {"c", ""},
                                   {"d", "\"q\\"},
                                   {"e", "\x1b[31m"},
                                   {"f", "\xe2\x80\xa8"}});

    CHECK(line.ends_with(
        R"(a="x\u000aevent=forged" b="y level=error" c="" d="\"q\\" e="\u001b[31m" f="\u2028")"
        "\n"));
    CHECK(std::count(line.begin(), line.end(), '\n') == 1);
}

TEST_CASE("every JSON line is JSON, whatever the values are") {
    std::string all_bytes;
    for (int c = 0; c < 256; ++c) all_bytes += static_cast<char>(c);

    const auto line =
        format_line(log_format::json, at, log_level::error, "e",
                    {{"bytes", all_bytes}, {"name", "Nöack"}, {"n", -1}, {"ok", false}});

    const auto parsed = boost::json::parse(line).as_object();
    CHECK(parsed.at("level") == "error");
    CHECK(parsed.at("name") == "Nöack");
    CHECK(parsed.at("n") == -1);
    CHECK(parsed.at("ok") == false);
    CHECK(line.ends_with("}\n"));
}

TEST_CASE("a value's share of a line is bounded") {
    const auto line = format_line(log_format::logfmt, at, log_level::info, "e",
                                  {{"a", std::string(100'000, 'x')}});

    CHECK(line.size() < 2200);
    CHECK(line.ends_with("x...\"\n"));
}

TEST_CASE("events below the least level are not written") {
    const tests::turned_clock time;
    const log_file file;
    {
        idp::observe::log log(log_format::logfmt, log_level::warning, time, file.descriptor());
        log.debug("one");
        log.info("two");
        log.warning("three");
        log.error("four");
        CHECK_FALSE(log.writes(log_level::info));
    }

    const auto text = file.text();
    CHECK(text.find("event=one") == std::string::npos);
    CHECK(text.find("event=two") == std::string::npos);
    CHECK(text.find("event=three") != std::string::npos);
    CHECK(text.find("event=four") != std::string::npos);
}

TEST_CASE("lines of many threads stay whole") {
    const tests::turned_clock time;
    const log_file file;
    {
        idp::observe::log log(log_format::logfmt, log_level::info, time, file.descriptor());
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&log, t] {
                for (int i = 0; i < 500; ++i) log.info("e", {{"thread", t}, {"i", i}});
            });
        }
        for (auto& thread : threads) thread.join();
    }

    const auto text = file.text();
    CHECK(std::count(text.begin(), text.end(), '\n') == 2000);
    for (int t = 0; t < 4; ++t) {
        const auto last = " event=e thread=" + std::to_string(t) + " i=499\n";
        CHECK(text.find(last) != std::string::npos);
    }
}

TEST_CASE("a reader that does not read holds nobody up, and is told how much it missed") {
    const tests::turned_clock time;
    std::array<int, 2> pipe{};
    REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
    std::string text;
    std::thread reader;
    {
        idp::observe::log log(log_format::logfmt, log_level::info, time, pipe[1]);
        const std::string large(2000, 'x');
        for (int i = 0; i < 20'000; ++i) log.info("flood", {{"a", large}});

        reader = std::thread([&] {
            std::array<char, 65536> bytes;
            ssize_t got = 0;
            while ((got = ::read(pipe[0], bytes.data(), bytes.size())) > 0) {
                text.append(bytes.data(), static_cast<std::size_t>(got));
            }
        });
        log.flush();
        log.info("after");
    }
    ::close(pipe[1]);
    reader.join();
    ::close(pipe[0]);

    // 4 MiB that wait, and as much again that the writer may hold in its hands; 40 MB were logged.
    CHECK(text.size() < 9'000'000);
    CHECK(text.find("level=warning event=log.dropped lines=") != std::string::npos);
    CHECK(text.find("event=after") != std::string::npos);
}
