#pragma once

#include "idp/store/audit_record.hpp"
#include "idp/store/authorizations.hpp"
#include "idp/store/codes.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/token_families.hpp"

#include <string>

namespace kommpass::tests {

// Records with every field filled; different numbers give records without anything unique in
// common.
const instant noon = from_unix_seconds(1'790'000'000);

std::string hash_of(const std::string& text);  // 32 bytes, not all printable, some of them zero

idp::store::session session_number(int);
idp::store::authorization authorization_number(int);
idp::store::issued_code code_number(int);
idp::store::token_family family_number(int);
idp::store::audit_record audit_record_number(int);

}  // namespace kommpass::tests
