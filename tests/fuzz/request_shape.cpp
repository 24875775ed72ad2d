// What a request to the API may carry: shapes judge any text and any JSON, and a document that has
// its shape is one that its reader reads.
#include "idp/admin/document_json.hpp"
#include "idp/api/shapes.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using namespace kommpass;
using namespace kommpass::idp;
namespace shapes = kommpass::idp::api::shapes;

namespace {

boost::json::object without_version(boost::json::object document) {
    document.erase("digest");
    document.erase("means");
    return document;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = as_text(data, size);
    for (const auto* one :
         {&shapes::reason(), &shapes::slug(), &shapes::role(), &shapes::client(), &shapes::day(),
          &shapes::month(), &shapes::document(), &shapes::number(), &shapes::if_match()}) {
        if (const auto no = api::fault_of_text(*one, text, "x")) promise(!no->code.empty());
    }
    if (!api::fault_of_text(shapes::number(), text, {})) promise(std::stoll(std::string(text)) > 0);
    const auto object = jose::parse_strict_object(text);
    if (!object) return 0;
    if (!api::fault_of(shapes::mapping_document(), *object, {}))
        promise(admin::mapping_from(without_version(*object)).has_value());
    if (!api::fault_of(shapes::constraint_document(), *object, {}))
        promise(admin::constraint_from(*object).has_value());
    if (!api::fault_of(shapes::client_document(), *object, {}))
        promise(admin::client_from(without_version(*object)).has_value());
    if (!api::fault_of(shapes::role_document(), *object, {}))
        promise(admin::role_from(*object).has_value());
    return 0;
}
