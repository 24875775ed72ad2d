#include "idp/jose/media_type.hpp"

#include "config/vocabulary/ascii_case.hpp"

namespace kommpass::idp::jose {
namespace {

constexpr std::string_view prefix = "application/";

}  // namespace

bool is_media_type(std::string_view typ, std::string_view wanted) noexcept {
    if (equals_ignoring_case(typ.substr(0, prefix.size()), prefix))
        typ.remove_prefix(prefix.size());
    return equals_ignoring_case(typ, wanted);
}

}  // namespace kommpass::idp::jose
