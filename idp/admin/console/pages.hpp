#pragma once

#include "idp/admin/console/visit.hpp"

#include <boost/json/object.hpp>

// Every page of the console and every form of it.
namespace kommpass::idp::admin::console {

page overview_page(visit&);
page member_page(visit&);
page applications_page(visit&);
page application_page(visit&);
page usage_page(visit&);
page usage_csv_file(visit&);

page roles_page(visit&);
page roles_csv_file(visit&);
page mappings_page(visit&);
page mapping_page(visit&);

page persons_page(visit&);
page person_page(visit&);
page approvals_page(visit&);
page campaigns_page(visit&);
page campaign_page(visit&);
page revisions_page(visit&);
page revision_page(visit&);
page audit_page(visit&);
page job_page(visit&);
page job_json_file(visit&);

page post_language(visit&);
page post_subscription(visit&);
page post_roles(visit&);
page post_mapping(visit&);
page post_find_person(visit&);
page post_person(visit&);
page post_approval(visit&);
page post_campaign(visit&);
page post_campaign_answer(visit&);
page post_rollback(visit&);
page post_audit(visit&);
page post_cancel(visit&);
page post_directory_test(visit&);
page post_audit_verification(visit&);
page check_result_page(visit&);
page personal_data_file(visit&);

// One field of a CSV file (RFC 4180), harmless to spreadsheets: a text that they would take for a
// formula begins with an apostrophe.
[[nodiscard]] std::string csv_field(std::string_view);

}  // namespace kommpass::idp::admin::console
