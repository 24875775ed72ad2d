#include "idp/admin/workplace.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::admin {

store::audit_record record_of(
    const workplace& at, const std::string& actor, audit::event kind, std::string_view result,
    std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    constexpr std::size_t longest_value = 300;
    store::audit_record record;
    record.at = at.time.now();
    record.event = audit::name_of(kind);
    record.result = result;
    record.request = at.request;
    record.address = at.address;
    boost::json::object detail;
    detail["who"] = actor;
    for (const auto& [name, value] : fields) detail[name] = value.substr(0, longest_value);
    record.detail_json = boost::json::serialize(detail);
    return record;
}

}  // namespace kommpass::idp::admin
