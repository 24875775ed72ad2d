#include "idp/oauth/arrival.hpp"

#include "idp/store/pushed_requests.hpp"
#include "idp/store/replays.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::oauth {

bool use_up(store::transaction& t, const arrival& how, std::string_view client, instant now) {
    if (!how.reference_hash.empty()) return t.pushed_requests().use_up(how.reference_hash, now);
    if (how.object_id.empty()) return true;
    return t.replays().first_use("request_object " + std::string(client), how.object_id,
                                 how.object_forgotten);
}

}  // namespace kommpass::idp::oauth
