#pragma once

#include "idp/http/method.hpp"
#include "tests/support/test_idp.hpp"

#include "idp/admin/notice_letters.hpp"
#include "policies/registry.hpp"

#include <string>
#include <vector>

namespace kommpass::tests {

// Adds to the test registry what administration needs: the application `fed` with its roles and the
// clients of console and API, the association as a member, separation of duties, a sensitive role,
// and for each member a mapping of its group "GG_<role>" to each role of `fed`.
void add_administration(policies::registry&);

// A person of a member with the groups of these roles of `fed` ("mandantenadmin"), who can sign in
// with the password "Verwaltung-1".
void add_administrator(test_idp&, const std::string& member, const std::string& user,
                       std::initializer_list<const char*> roles);

// An access token for the API with both scopes.
[[nodiscard]] std::string api_token(test_idp&, const std::string& member, const std::string& user);

// A request to the API; `body` is JSON, empty for none.
[[nodiscard]] answer api(test_idp&, const std::string& token, idp::http::method,
                         const std::string& path, const std::string& body = {},
                         const fields& headers = {});

// Looks at all directories, and gives the letters that would be sent then.
[[nodiscard]] std::vector<idp::admin::waiting_letter> letters_waiting(test_idp&);

// The digest of a document as the API shows it to the holder of this token, who decides on it:
// "mappings/...", "grants/...", "exceptions/...", "applications/<key>/clients/<id>". Of a rule for
// another member also to whoever agrees for that one. Empty if it is not shown.
[[nodiscard]] std::string shown_digest(test_idp&, const std::string& token,
                                       const std::string& document);

}  // namespace kommpass::tests
