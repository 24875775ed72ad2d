// What administrators send: documents as JSON, days, networks, patterns of roles.
#include "config/vocabulary/local_day.hpp"
#include "idp/admin/document_json.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "policies/duty_separation.hpp"
#include "policies/network_zone.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using namespace kommpass;
using namespace kommpass::idp;

// A mapping that is read is written, and reads back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = as_text(data, size);
    if (const auto one = parse_day(text)) promise(to_string(*one) == text);
    if (policies::is_network(text))
        promise(policies::is_in_network(text.substr(0, text.find('/')), text));
    (void)policies::role_pattern::parse(text);
    const auto object = jose::parse_strict_object(text);
    if (!object) return 0;
    if (const auto rule = admin::mapping_from(*object)) {
        const auto again = admin::mapping_from(admin::to_json(*rule));
        promise(again.has_value() && *again == *rule);
    }
    if (const auto rule = admin::constraint_from(*object)) {
        const auto again = admin::constraint_from(admin::to_json(*rule));
        promise(again.has_value() && *again == *rule);
    }
    if (const auto client = admin::client_from(*object)) promise(!object->contains("secret"));
    if (const auto role = admin::role_from(*object)) promise(!object->contains("clients"));
    return 0;
}
