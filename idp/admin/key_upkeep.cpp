#include "idp/admin/key_upkeep.hpp"

#include "idp/api/json_views.hpp"
#include "idp/keys/key_rotation.hpp"

#include <boost/json/array.hpp>

namespace kommpass::idp::admin {
boost::json::object keys_json(const jose::key_ring& keys, const config::settings& settings) {
    boost::json::array list;
    for (const auto& key : keys.list()) {
        boost::json::object one;
        one["kid"] = key.kid;
        one["algorithm"] = jose::name_of(key.algorithm);
        one["state"] = jose::name_of(key.state);
        one["signs_since"] = api::utc_text(key.activated_at);
        one["published_until"] = api::utc_text(key.published_until);
        list.push_back(std::move(one));
    }
    boost::json::object made;
    made["keys"] = std::move(list);
    made["rotation_due"] = api::utc_text(keys::next_rotation(settings, keys).value_or(instant{}));
    made["published_after_rotation_hours"] = keys::longest_token_lifetime.count();
    return made;
}

}  // namespace kommpass::idp::admin
