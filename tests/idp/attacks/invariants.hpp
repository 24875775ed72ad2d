#pragma once

#include "policies/snapshot.hpp"
#include "tests/idp/attacks/steps.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What holds whatever the hostile member does. Each is checked by looking: at the store, the
// registry, what reached its directory, the tokens that came out, and the audit log.
namespace kommpass::tests::attacks {

struct breach {
    std::string invariant;  // by name: "password", "registry", "person", ...
    std::string what;
};

// An invariant that does not hold yet, by name, with the reason and whose work mends it.
struct exclusion {
    std::string_view invariant;
    std::string_view reason;
};
[[nodiscard]] std::span<const exclusion> exclusions();

class invariants {
public:
    // What is there now is right.
    explicit invariants(world&);

    // After a step. Where the honest ones acted, what they changed is right.
    [[nodiscard]] std::vector<breach> look(acted);
    // After the whole sequence; costs more. `hostile_alone`: nobody else ever acted.
    [[nodiscard]] std::vector<breach> look_at_end(bool hostile_alone);

private:
    using belongings = std::map<std::string, std::string>;

    void passwords(std::vector<breach>&);
    void documents(std::vector<breach>&);
    void things_kept(std::vector<breach>&);
    void led_astray(std::vector<breach>&);
    void browsers(std::vector<breach>&);
    void work(std::vector<breach>&);
    void scripts(std::vector<breach>&);
    void ways_in(std::vector<breach>&);
    void letters(std::vector<breach>&);
    void records(std::vector<breach>&, bool only_hostile);
    void rights(std::vector<breach>&);
    void parts_played(std::vector<breach>&);
    void what_was_told(std::vector<breach>&);
    [[nodiscard]] belongings kept_of_the_honest();
    [[nodiscard]] belongings pages_of_the_honest();

    world& world_;
    policies::snapshot_ptr registry_;
    long long judged_rights_of_ = 0;
    belongings kept_;
    belongings pages_;
    std::vector<idp::store::stored_audit_record> records_;
    std::size_t reached_ = 0;
    std::map<std::string, std::string> subjects_;  // subject at a client, of whom
    std::map<std::string, std::string> names_;     // names that identify, of the honest ones
};

}  // namespace kommpass::tests::attacks
