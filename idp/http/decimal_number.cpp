#include "idp/http/decimal_number.hpp"

#include <charconv>

namespace kommpass::idp::http {

std::optional<long long> decimal_number(std::string_view text) {
    long long number = 0;
    const auto* end = text.data() + text.size();
    if (text.empty() || text.front() == '-') return std::nullopt;
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return number;
}

}  // namespace kommpass::idp::http
