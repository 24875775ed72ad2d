#include "idp/jose/numeric_date.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace kommpass::idp::jose {

std::optional<instant> numeric_date(const boost::json::object& claims, std::string_view name) {
    const auto* value = claims.if_contains(name);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    const auto seconds = value->to_number<double>();
    if (!(seconds >= 0 && seconds <= static_cast<double>(last_second))) return std::nullopt;
    return from_unix_seconds(static_cast<long long>(seconds));
}

}  // namespace kommpass::idp::jose
