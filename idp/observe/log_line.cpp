#include "idp/observe/log_line.hpp"

#include "config/vocabulary/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kommpass::idp::observe {
namespace {

// A value can come from outside; its share of a line is bounded.
constexpr std::size_t longest_value = 2048;

std::string_view word_for(config::log_level level) noexcept {
    switch (level) {
        case config::log_level::debug:
            return "debug";
        case config::log_level::info:
            return "info";
        case config::log_level::warning:
            return "warning";
        case config::log_level::error:
            return "error";
    }
    return "error";
}

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// In quotes, with the escapes of JSON (RFC 8259, 7), which serve logfmt as well.
void append_quoted(std::string& line, std::string_view text) {
    const bool cut = text.size() > longest_value;
    text = text.substr(0, longest_value);
    line += '"';
    while (!text.empty()) {
        const char c = text.front();
        const auto length = utf8_sequence(text);
        if (length == 0) {
            line += "\xEF\xBF\xBD";  // U+FFFD
        } else if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (is_control(c)) {
            fmt::format_to(std::back_inserter(line), "\\u{:04x}", static_cast<unsigned char>(c));
        } else if (text.starts_with("\xE2\x80\xA8") || text.starts_with("\xE2\x80\xA9")) {
            line += text.starts_with("\xE2\x80\xA8") ? "\\u2028" : "\\u2029";
        } else {
            line.append(text.substr(0, length));
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    if (cut) line += "...";
    line += '"';
}

bool needs_quotes(std::string_view text) noexcept {
    return text.empty() || text.size() > longest_value ||
           std::any_of(text.begin(), text.end(), [](char c) {
               return is_control(c) || c == ' ' || c == '"' || c == '=' || c == '\\' ||
                      static_cast<unsigned char>(c) >= 0x80;
           });
}

class line_writer {
public:
    explicit line_writer(config::log_format format)
        : is_json_(format == config::log_format::json), line_(is_json_ ? "{" : "") {}

    void add(std::string_view name, const field::value_type& value) {
        if (line_.size() > 1) line_ += is_json_ ? ',' : ' ';
        if (is_json_) {
            append_quoted(line_, name);
            line_ += ':';
        } else {
            line_.append(name) += '=';
        }
        std::visit([&](const auto& v) { append(v); }, value);
    }
    std::string finished() && {
        line_ += is_json_ ? "}\n" : "\n";
        return std::move(line_);
    }

private:
    void append(std::string_view text) {
        if (is_json_ || needs_quotes(text)) {
            append_quoted(line_, text);
        } else {
            line_.append(text);
        }
    }
    void append(bool truth) { line_ += truth ? "true" : "false"; }
    void append(double number) {
        line_ += std::isfinite(number) ? fmt::format("{}", number) : std::string("null");
    }
    void append(long long number) { line_ += std::to_string(number); }
    void append(unsigned long long number) { line_ += std::to_string(number); }

    bool is_json_;
    std::string line_;
};

}  // namespace

std::string iso_time(instant at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(at - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       time.hours().count(), time.minutes().count(), time.seconds().count(),
                       time.subseconds().count());
}

std::string format_line(config::log_format format, instant at, config::log_level level,
                        std::string_view event, fields with) {
    line_writer line(format);
    line.add("time", iso_time(at));
    line.add("level", word_for(level));
    line.add("event", event);
    for (const auto& one : with) line.add(one.name(), one.value());
    return std::move(line).finished();
}

}  // namespace kommpass::idp::observe
