#pragma once

#include "idp/console/admin_words.hpp"
#include "idp/console/console_request.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

// What a rule says, whole and in words, for somebody who is asked to decide on it: every field that
// is set, roles with all that they include, who asked and why.
namespace kommpass::idp::console {

using facts_list = std::vector<std::pair<std::string, std::string>>;
// Names of persons by id, looked up beforehand for the whole page.
using shown_names = std::map<std::string, std::string>;

[[nodiscard]] boost::asio::awaitable<shown_names> names_for(operation_context&,
                                                            std::vector<std::string> ids);
[[nodiscard]] std::string name_in(const shown_names&, const std::string& id);  // else the id

// The persons that a rule names.
void add_ids(const policies::grant&, std::vector<std::string>& into);
void add_ids(const policies::mapping&, std::vector<std::string>& into);
void add_ids(const policies::constraint_exception&, std::vector<std::string>& into);

[[nodiscard]] facts_list facts_of(const console_request&, const policies::snapshot&,
                                  const policies::grant&, const shown_names&);
[[nodiscard]] facts_list facts_of(const console_request&, const policies::snapshot&,
                                  const policies::mapping&, const shown_names&);
[[nodiscard]] facts_list facts_of(const console_request&, const policies::snapshot&,
                                  const policies::constraint_exception&, const shown_names&);

// "Akten lesen (dms.lesen); includes dms.suchen".
[[nodiscard]] std::string role_text(const console_request&, const policies::snapshot&,
                                    const role_name&);

}  // namespace kommpass::idp::console
