#pragma once

#include "idp/console/admin_words.hpp"
#include "idp/console/console_request.hpp"
#include "policies/snapshot.hpp"

#include <map>
#include <optional>
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

// A sentence of `policies/` for people to read: who changed a rule stands in it by an id.
[[nodiscard]] std::string with_names(std::string sentence, const shown_names&);
// Who made these rules what they are, for `names_for`.
void add_authors(const policies::snapshot&, const policies::evaluation&,
                 std::vector<std::string>& into);

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

// The same for a rule by its name, "mappings/lebus-meldeamt" or "grants/..."; nothing if it is
// gone.
void add_ids(const policies::registry&, const std::string& document,
             std::vector<std::string>& into);
[[nodiscard]] facts_list facts_of_rule(const console_request&, const policies::snapshot&,
                                       const std::string& document, const shown_names&);

// What becomes of roles that must not be held together.
[[nodiscard]] std::string resolution_text(const console_request&, policies::conflict_resolution);

[[nodiscard]] std::string day_or_nothing(const console_request&, const std::optional<day>&);

// "Akten lesen (dms.lesen); includes dms.suchen; takes a second person".
[[nodiscard]] std::string role_text(const console_request&, const policies::snapshot&,
                                    const role_name&);

}  // namespace kommpass::idp::console
