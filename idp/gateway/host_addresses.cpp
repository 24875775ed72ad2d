#include "idp/gateway/host_addresses.hpp"

#include "idp/gateway/asked_request.hpp"
#include "idp/http/form.hpp"

namespace kommpass::idp::gateway {

std::string address_at(std::string_view host, std::string_view uri) {
    return "https://" + std::string(host) + std::string(uri);
}

std::string start_address(std::string_view host, std::string_view uri) {
    return http::with_query(address_at(host, start_path), {{"to", safe_return(uri)}});
}

}  // namespace kommpass::idp::gateway
