#pragma once

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"

#include <concepts>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace kommpass {
class secret_string;
}

namespace kommpass::idp::observe {

// One named value of a log line: a text, a number or a truth value. There is no way to make one
// from a secret_string, and no one reveals a secret to make one.
class field {
public:
    using value_type = std::variant<std::string_view, long long, unsigned long long, double, bool>;

    template <std::convertible_to<std::string_view> Text>
    field(std::string_view name, const Text& text) : name_(name), value_(std::string_view(text)) {}
    template <std::signed_integral Number>
    field(std::string_view name, Number number)
        : name_(name), value_(static_cast<long long>(number)) {}
    template <std::unsigned_integral Number>
    field(std::string_view name, Number number)
        : name_(name), value_(static_cast<unsigned long long>(number)) {}
    field(std::string_view name, double number) : name_(name), value_(number) {}
    field(std::string_view name, bool truth) : name_(name), value_(truth) {}
    field(std::string_view name, const secret_string&) = delete;

    [[nodiscard]] std::string_view name() const noexcept { return name_; }
    [[nodiscard]] const value_type& value() const noexcept { return value_; }

private:
    std::string_view name_;
    value_type value_;
};
using fields = std::initializer_list<field>;

// Structured log lines, logfmt or JSON, one for each event: `time=... level=... event=...` and the
// fields. A line is formatted by the caller and written by a thread of the log's own, so that a
// slow reader of stderr holds nobody up; if more than 4 MiB wait, lines are dropped and their
// number is told. Values are escaped: no value can begin a new line or field, and what is not UTF-8
// is replaced. Thread-safe.
class log {
public:
    using level = config::log_level;

    // `file_descriptor` stays the caller's and outlives the log.
    log(config::log_format, level least, const clock&, int file_descriptor = 2);
    log(const log&) = delete;
    log& operator=(const log&) = delete;
    ~log();  // writes what still waits

    [[nodiscard]] bool writes(level wanted) const noexcept { return wanted >= least_; }

    void debug(std::string_view event, fields with = {}) { write(level::debug, event, with); }
    void info(std::string_view event, fields with = {}) { write(level::info, event, with); }
    void warning(std::string_view event, fields with = {}) { write(level::warning, event, with); }
    void error(std::string_view event, fields with = {}) { write(level::error, event, with); }
    void write(level, std::string_view event, fields);

    // Returns once everything logged before has been written.
    void flush();

private:
    class writer;
    config::log_format format_;
    level least_;
    const clock& time_;
    std::unique_ptr<writer> writer_;
};

}  // namespace kommpass::idp::observe
