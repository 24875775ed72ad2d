#pragma once

#include "tests/idp/attacks/world.hpp"

namespace kommpass::tests::attacks {

// Opens a page that some page linked to, or one with other ids in its address, and sends one of
// its forms with other values in its fields. Pages and forms join by being linked.
answer attack_page(world&, hostile_person&, dice&);

// Any address of the console, with any ids, and any form: also those that no page offers to them.
answer attack_console_address(world&, hostile_person&, dice&);

// The browser of an honest person, with all its cookies, is made to send what the hostile one
// wants: forms to any address, with the values that stand in the hostile one's own pages. As if
// nothing kept cookies to their own site.
void lead_astray(world&, honest_person&, hostile_person&, dice&);

}  // namespace kommpass::tests::attacks
