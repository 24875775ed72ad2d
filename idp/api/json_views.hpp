#pragma once

#include "idp/admin/audit_search.hpp"
#include "idp/admin/campaigns.hpp"
#include "idp/admin/effects.hpp"
#include "idp/admin/history.hpp"
#include "idp/admin/overview.hpp"
#include "idp/admin/persons.hpp"
#include "idp/api/admin_words.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/campaigns.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

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

}  // namespace kommpass::idp::api
