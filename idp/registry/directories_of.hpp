#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "policies/snapshot.hpp"

#include <map>
#include <string>
#include <string_view>

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::registry {

// How a service account's password is kept in a document. Only the member that it was sealed for
// opens it.
[[nodiscard]] std::string sealed_directory_password(const jose::key_ring&, const member_slug&,
                                                    std::string_view password);

// One member's directory with its sealed password opened, if it has one that this key file opens.
[[nodiscard]] directory_settings opened_directory(const jose::key_ring&, const policies::member&);

// Every active member's directory, as the directory clients take them.
[[nodiscard]] std::map<member_slug, directory_settings> directories_of(const policies::snapshot&,
                                                                       const jose::key_ring&);

}  // namespace kommpass::idp::registry
