#include "idp/oauth/subject.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/jose/key_ring.hpp"

namespace kommpass::idp::oauth {

std::string subject_for(const policies::client& client, const policies::application& application,
                        const person_id& person, const jose::key_ring& keys) {
    if (client.subject == policies::subject_type::public_) return person.str();
    std::string message = client.sector.empty() ? application.key.str() : client.sector;
    message.push_back('\n');  // cannot stand in a sector: keeps the two parts apart
    message.append(person.str());
    return base64url::encode(keys.keyed_hash("pairwise subject", message));
}

}  // namespace kommpass::idp::oauth
