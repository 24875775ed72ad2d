#pragma once

#include "tests/idp/attacks/world.hpp"

#include <cstdint>

namespace kommpass::tests::attacks {

// Who acts in a sequence.
enum class cast {
    hostile_alone,  // then nothing of the others may change at all
    everybody,      // the honest ones sign in, follow links, agree to what they see
};

enum class acted {
    hostile,     // only the hostile member
    led_astray,  // an honest browser, led by a page of the hostile member's
    honest,      // what others changed is theirs to change
};

// Does what the seed says, and adds a line to the story.
acted take_step(world&, std::uint32_t seed, cast);

}  // namespace kommpass::tests::attacks
