#pragma once

#include "tests/idp/attacks/world.hpp"

namespace kommpass::tests::attacks {

// Somebody at another address, with a browser that nobody knows, tries passwords on a person of an
// honest member, over and over.
void guess(world&, const honest_person&, dice&);

}  // namespace kommpass::tests::attacks
