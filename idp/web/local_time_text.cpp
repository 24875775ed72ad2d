#include "idp/web/local_time_text.hpp"

#include "config/vocabulary/local_day.hpp"

#include <array>
#include <cstdio>

namespace kommpass::idp::web {
namespace {

using namespace std::chrono;

constexpr std::array<const char*, 12> english_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::string local_time_text(instant at, language lang) {
    const auto local = at + local_offset_at(at);
    const auto begin = floor<days>(local);
    const year_month_day date(begin);
    const hh_mm_ss time(floor<minutes>(local - begin));
    const auto month_number = static_cast<unsigned>(date.month());
    char text[40];
    if (lang == language::en) {
        std::snprintf(text, sizeof text, "%u %s %d, %02d:%02d", static_cast<unsigned>(date.day()),
                      english_months[month_number - 1], static_cast<int>(date.year()),
                      static_cast<int>(time.hours().count()),
                      static_cast<int>(time.minutes().count()));
    } else {
        std::snprintf(text, sizeof text, "%02u.%02u.%d, %02d:%02d",
                      static_cast<unsigned>(date.day()), month_number,
                      static_cast<int>(date.year()), static_cast<int>(time.hours().count()),
                      static_cast<int>(time.minutes().count()));
    }
    return text;
}

}  // namespace kommpass::idp::web
