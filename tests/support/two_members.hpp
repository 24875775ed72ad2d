#pragma once

#include "tests/support/test_idp.hpp"

#include <string>
#include <string_view>

// Two members and their administrators: a thing of every kind that belongs to Cottbus, and somebody
// of Lebus who holds every right there and tries to reach it, by whatever face.
namespace kommpass::tests {

class two_members {
public:
    test_idp idp;
    // Of Cottbus: the person P-jan (jan.kowal), the grants g-jan and g-waiting, the withdrawal
    // w-jan, the exception e-jan, the mappings cottbus-alle and cottbus-wartet, the application
    // of-cottbus with the role of-cottbus.nutzen and the client client-of-cottbus, and these:
    std::string campaign = "k-cottbus";
    long long item = 0;      // of that review
    std::string job;         // that its administrator began
    long long revision = 0;  // with nothing of Lebus in it

    two_members();

    // All that belongs to Cottbus, and the log as far as it speaks of Cottbus.
    [[nodiscard]] std::string state();

private:
    void put_runtime_things();
};

// What stands in every text of Cottbus's things, so that it is found wherever it comes out.
inline constexpr std::string_view marks_of_cottbus[] = {"geheim", "Kowal", "jan.kowal"};

}  // namespace kommpass::tests
