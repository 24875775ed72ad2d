#include "config/vocabulary/local_day.hpp"

#include <algorithm>
#include <cstdio>

namespace kommpass {
namespace {

using namespace std::chrono;

sys_time<hours> last_sunday_at_one(year y, month m) noexcept {
    return sys_days(y / m / Sunday[last]) + hours(1);
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

int number(std::string_view digits) noexcept {
    int value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
}

}  // namespace

hours local_offset_at(instant at) noexcept {
    const auto y = year_month_day(floor<days>(at)).year();
    const bool summer = at >= last_sunday_at_one(y, March) && at < last_sunday_at_one(y, October);
    return hours(summer ? 2 : 1);
}

day local_day_of(instant at) noexcept { return floor<days>(at + local_offset_at(at)); }

instant begin_of(day one) noexcept {
    const instant winter = one - hours(1);
    return winter - (local_offset_at(winter) - hours(1));
}

std::optional<day> parse_day(std::string_view text) noexcept {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto y = text.substr(0, 4);
    const auto m = text.substr(5, 2);
    const auto d = text.substr(8, 2);
    for (const auto part : {y, m, d}) {
        if (!std::all_of(part.begin(), part.end(), is_digit)) return std::nullopt;
    }
    const year_month_day date(year(number(y)), month(static_cast<unsigned>(number(m))),
                              std::chrono::day(static_cast<unsigned>(number(d))));
    if (!date.ok() || date.year() < year(2000) || date.year() > year(9999)) return std::nullopt;
    return sys_days(date);
}

std::string to_string(day one) {
    const year_month_day date(one);
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()) % 10000,
                  static_cast<unsigned>(date.month()) % 100,
                  static_cast<unsigned>(date.day()) % 100);
    return text;
}

}  // namespace kommpass
