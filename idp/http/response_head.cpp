#include "idp/http/response_head.hpp"

#include "idp/http/header_grammar.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace kommpass::idp::http {
namespace {

bool is_safe_text(std::string_view text) noexcept {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

void append_number(std::string& out, std::size_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

void append_status_line(std::string& out, unsigned status) {
    if (status == 200) {
        out += "HTTP/1.1 200 OK\r\n";
        return;
    }
    const auto reason =
        boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
    out += "HTTP/1.1 ";
    append_number(out, status);
    out += ' ';
    out.append(reason.data(), reason.size());
    out += "\r\n";
}

bool has_content(unsigned status) noexcept { return status != 204 && status != 304; }

}  // namespace

bool is_safe(const response& answer) noexcept {
    return is_safe_text(answer.content_type) && is_safe_text(answer.cache_control) &&
           is_safe_text(answer.form_action) && is_safe_text(answer.script_hash) &&
           is_safe_text(answer.frame_sources) &&
           std::all_of(answer.headers.begin(), answer.headers.end(), [](const auto& field) {
               return is_token(field.first) && is_safe_text(field.second);
           });
}

std::string_view body_of(const response& answer) noexcept {
    if (!has_content(answer.status)) return {};
    return answer.fixed_body ? std::string_view(*answer.fixed_body) : std::string_view(answer.body);
}

void write_head(std::string& out, const response& answer, const security_headers& security,
                std::string_view date, std::string_view request_id, persistence after) {
    out.clear();
    append_status_line(out, answer.status);
    append_line(out, "Date", date);
    append_line(out, "X-Request-Id", request_id);
    if (after == persistence::closed) out += "Connection: close\r\n";
    if (after == persistence::kept_as_asked) out += "Connection: keep-alive\r\n";
    if (has_content(answer.status)) {
        if (!answer.content_type.empty()) append_line(out, "Content-Type", answer.content_type);
        out += "Content-Length: ";
        append_number(out, body_of(answer).size());
        out += "\r\n";
    }
    security.append_to(out, answer);
    if (answer.allow_any_origin)
        out +=
            "Access-Control-Allow-Origin: *\r\n"
            "Access-Control-Expose-Headers: WWW-Authenticate, DPoP-Nonce\r\n";
    for (const auto& [name, value] : answer.headers) append_line(out, name, value);
    out += "\r\n";
}

std::string http_date(long long unix_seconds) {
    constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto seconds = static_cast<std::time_t>(unix_seconds);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    // Not strftime's names for day and month: they follow the locale.
    std::array<char, 32> numbers;
    const auto written = std::strftime(numbers.data(), numbers.size(), "%d  %Y %H:%M:%S GMT", &utc);
    std::string date(numbers.data(), written);
    date.insert(3, months[static_cast<std::size_t>(utc.tm_mon)]);
    return std::string(days[static_cast<std::size_t>(utc.tm_wday)]) + ", " + date;
}

}  // namespace kommpass::idp::http
