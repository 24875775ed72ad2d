#pragma once

#include "config/vocabulary/language.hpp"
#include "policies/snapshot.hpp"

#include <string>
#include <vector>

// Why a person holds a role, and why not: for people.
namespace kommpass::policies {

using kommpass::language;

// A rule that would give a role, and which of its conditions this person does not meet.
struct near_rule {
    std::string document;              // "mappings/lebus-meldeamt", "grants/..."
    role_name gives;                   // the role itself, or a composite one that includes it
    std::vector<std::string> lacking;  // sentences without a full stop; never empty
};

// The rules for persons of this member that would give the role, those with the fewest missing
// conditions first; at most `limit`.
[[nodiscard]] std::vector<near_rule> nearest_rules(const snapshot&, const evaluated_person&,
                                                   const role_name&, language,
                                                   std::size_t limit = 3);

// "Mitglied der Gruppe X über Y; Regel Z (Revision 12, 21.11.2026, anna.noack: Grund)".
[[nodiscard]] std::string sentence(const snapshot&, const provenance&, language);
// Why a role that a rule gives is not held.
[[nodiscard]] std::string sentence(const withheld_role&, language);
[[nodiscard]] std::string sentence(const conflict&, language);

// Why the person does, or does not, hold the application's roles: sentences, first line the
// verdict; then with '+' what is held, with '!' what is withheld, with '-' what no rule gives.
[[nodiscard]] std::vector<std::string> explain(const snapshot&, const evaluated_person&,
                                               const application&, language);

// "21.11.2026", "2026-11-21".
[[nodiscard]] std::string day_text(day, language);
[[nodiscard]] const std::string& text_in(const localized_text&, language) noexcept;

}  // namespace kommpass::policies
