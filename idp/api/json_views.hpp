#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"
#include "idp/admin/audit_search.hpp"
#include "idp/admin/effects.hpp"
#include "idp/admin/history.hpp"
#include "idp/admin/overview.hpp"
#include "idp/admin/person_view.hpp"
#include "idp/admin/role_holders.hpp"
#include "idp/api/admin_words.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace kommpass::idp::admin {
struct campaign_view;
struct member_effects;
struct overview;
struct person_view;
struct revision_entry;
struct role_holder;
struct usage_row;
}  // namespace kommpass::idp::admin
namespace kommpass::idp::store {
struct campaign_item;
struct stored_audit_record;
}  // namespace kommpass::idp::store
namespace kommpass::policies {
struct conflict;
struct evaluation;
class snapshot;
}  // namespace kommpass::policies

// What operations answer, as JSON.
namespace kommpass::idp::api {

[[nodiscard]] std::string utc_text(instant);  // "2026-11-21T07:40:12Z"; empty for 1970
[[nodiscard]] boost::json::array to_json(const std::vector<member_slug>&);
[[nodiscard]] boost::json::object to_json(const policies::snapshot&, const policies::evaluation&);
[[nodiscard]] boost::json::object to_json(const policies::conflict&);
[[nodiscard]] boost::json::object to_json(const person_view&);
[[nodiscard]] boost::json::object to_json(const std::vector<member_effects>&);
[[nodiscard]] boost::json::object to_json(const policies::snapshot&,
                                          const std::vector<role_holder>&);
[[nodiscard]] boost::json::object to_json(const overview&);
[[nodiscard]] boost::json::object to_json(const campaign_view&);
[[nodiscard]] boost::json::object to_json(const store::campaign_item&);
[[nodiscard]] boost::json::object to_json(const revision_entry&);
[[nodiscard]] boost::json::object to_json(const store::stored_audit_record&);
[[nodiscard]] boost::json::object to_json(const usage_row&);
// The persons of whom not every group came, as far as they are named.
[[nodiscard]] boost::json::array half_known_in(const reading_extent&);

}  // namespace kommpass::idp::api
