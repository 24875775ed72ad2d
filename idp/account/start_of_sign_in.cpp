#include "idp/account/start_of_sign_in.hpp"

#include "idp/http/form.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace kommpass::idp::account {

std::string start_of_sign_in(const policies::application& application, const std::string& issuer) {
    const auto& clients = application.clients;
    const auto found = std::find_if(clients.begin(), clients.end(), [](const auto& one) {
        return one.state == policies::grant_state::active && !one.initiate_login_uri.empty();
    });
    if (found == clients.end()) return {};
    std::vector<std::pair<std::string, std::string>> said{{"iss", issuer}};
    if (!application.home_uri.empty()) said.emplace_back("target_link_uri", application.home_uri);
    return http::with_query(found->initiate_login_uri, said);
}

}  // namespace kommpass::idp::account
