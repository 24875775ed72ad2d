#include "idp/sessions/carried_fields.hpp"

#include "config/vocabulary/secret_string.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/sessions/sealed_address.hpp"

namespace kommpass::idp::sessions {
namespace {

constexpr std::string_view sealed_for = "carried fields";

}  // namespace

std::optional<std::string> address_carrying(const std::string& path, const carried_fields& fields,
                                            const jose::key_ring& keys, std::string_view csrf) {
    const auto mark = path.find('?') == std::string::npos ? "?" : "&";
    return sealed_address(path + mark + "carried=", keys, sealed_for,
                          std::string(csrf) + http::with_query({}, fields));
}

std::optional<carried_fields> carried_by(const http::request& request, const jose::key_ring& keys,
                                         std::string_view csrf) {
    const auto query = http::form::parse(request.query);
    const auto sealed = query ? query->get("carried") : std::nullopt;
    const auto plain = sealed ? keys.open(sealed_for, *sealed) : std::nullopt;
    const auto mark = plain ? plain->find('?') : std::string::npos;
    if (mark == std::string::npos) return std::nullopt;
    const auto text = std::string_view(*plain);
    if (!equal_in_constant_time(text.substr(0, mark), csrf)) return std::nullopt;
    const auto form = http::form::parse(text.substr(mark + 1));
    if (!form) return std::nullopt;
    return form->all();
}

}  // namespace kommpass::idp::sessions
