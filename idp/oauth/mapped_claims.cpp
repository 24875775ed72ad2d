#include "idp/oauth/mapped_claims.hpp"

#include "idp/oauth/member_names.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

namespace kommpass::idp::oauth::mapped_claims {
namespace {

namespace json = boost::json;
using namespace std::chrono;

constexpr int earliest_birth = 1850;
constexpr auto earliest_update = sys_days(year(1990) / January / 1);

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value);
    if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit) ||
        read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return value;
}

// "20041231235959.0Z", "20041231": a day, and the seconds in it where they stand.
std::optional<sys_seconds> generalized_time(std::string_view text) {
    if (text.size() < 8) return std::nullopt;
    const auto at = [&](std::size_t from, std::size_t length) {
        return from + length <= text.size() ? number(text.substr(from, length)) : std::nullopt;
    };
    const auto y = at(0, 4);
    const auto m = at(4, 2);
    const auto d = at(6, 2);
    if (!y || !m || !d) return std::nullopt;
    const auto date =
        year(*y) / month(static_cast<unsigned>(*m)) / std::chrono::day(static_cast<unsigned>(*d));
    if (!date.ok()) return std::nullopt;
    if (text.size() == 8) return sys_days(date);
    const auto hour = at(8, 2);
    const auto minute = at(10, 2);
    const auto second = at(12, 2).value_or(0);
    if (!hour || !minute || *hour > 23 || *minute > 59 || second > 60 || text.back() != 'Z')
        return std::nullopt;
    return sys_days(date) + hours(*hour) + minutes(*minute) + seconds(second);
}

std::string padded(int value, std::size_t width) {
    auto text = std::to_string(value);
    return std::string(width - std::min(width, text.size()), '0') + text;
}

// Year 0: the person does not say it.
std::optional<std::string> written_day(int y, int m, int d) {
    if (y != 0 && y < earliest_birth) return std::nullopt;
    const int leap = 2000;  // for a day whose year is not said
    const auto date = year(y == 0 ? leap : y) / month(static_cast<unsigned>(m)) /
                      std::chrono::day(static_cast<unsigned>(d));
    if (!date.ok()) return std::nullopt;
    return padded(y, 4) + "-" + padded(m, 2) + "-" + padded(d, 2);
}

std::optional<std::string> birth_in(std::string_view text) {
    if (text.size() == 4) {
        const auto y = number(text);
        if (!y || *y < earliest_birth) return std::nullopt;
        return std::string(text);
    }
    if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
        const auto y = number(text.substr(0, 4));
        const auto m = number(text.substr(5, 2));
        const auto d = number(text.substr(8, 2));
        return y && m && d ? written_day(*y, *m, *d) : std::nullopt;
    }
    const auto time = generalized_time(text);
    if (!time) return std::nullopt;
    const year_month_day date(floor<days>(*time));
    return written_day(static_cast<int>(date.year()), static_cast<int>(unsigned(date.month())),
                       static_cast<int>(unsigned(date.day())));
}

}  // namespace

std::string value_of(const identity& who, std::string_view attribute) {
    if (attribute.empty()) return {};
    std::string name(attribute);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const auto found = who.attributes.find(name);
    return found == who.attributes.end() || found->second.empty() ? std::string()
                                                                  : found->second.front();
}

json::value text(const identity& who, std::string_view attribute) {
    const auto shown = shown_text(value_of(who, attribute));
    const bool is_blank = std::all_of(shown.begin(), shown.end(), [](char c) { return c == ' '; });
    return is_blank || shown == "null" ? json::value() : json::value(shown);
}

json::value web_address(const identity& who, std::string_view attribute) {
    const auto uri = value_of(who, attribute);
    const bool is_one =
        (uri.starts_with("https://") || uri.starts_with("http://")) && uri.size() > 8 &&
        uri.size() <= 2048 && std::all_of(uri.begin(), uri.end(), [](char c) {
            return c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\';
        });
    return is_one ? json::value(uri) : json::value();
}

json::value birthdate(const identity& who, std::string_view attribute) {
    const auto date = birth_in(value_of(who, attribute));
    return date ? json::value(*date) : json::value();
}

json::value locale(const identity& who, std::string_view attribute) {
    auto tag = value_of(who, attribute);
    std::replace(tag.begin(), tag.end(), '_', '-');
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-';
    };
    const bool is_tag = tag.size() >= 2 && tag.size() <= 35 && tag.front() != '-' &&
                        tag.back() != '-' && std::all_of(tag.begin(), tag.end(), fits);
    return is_tag ? json::value(tag) : json::value();
}

json::value updated_at(const identity& who, std::string_view attribute) {
    const auto written = value_of(who, attribute);
    auto time = generalized_time(written);
    if (!time && written.size() >= 9 && written.size() <= 10) {
        if (const auto since_1970 = number(written)) time = sys_seconds(seconds(*since_1970));
    }
    if (!time || *time < earliest_update) return {};
    return time->time_since_epoch().count();
}

}  // namespace kommpass::idp::oauth::mapped_claims
