#include "idp/sessions/csrf.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/store/sessions.hpp"

namespace kommpass::idp::sessions {

std::string csrf_for(const jose::key_ring& keys, const store::session& session) {
    return base64url::encode(keys.keyed_hash("csrf", session.secret_hash));
}

}  // namespace kommpass::idp::sessions
