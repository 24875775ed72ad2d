#pragma once

#include "idp/tasks/outbox_delivery.hpp"

namespace kommpass::idp::sessions {

// The topic under which the end of an access waits in the outbox: `end_of_access` puts it there.
inline constexpr auto access_ended_topic = "access.ended";

// Takes the end of an access to whoever has to hear of it. No application is told yet: back-channel
// logout puts its receivers here. What it refers to outlives it.
[[nodiscard]] tasks::receiver access_ended_receiver(observe::log&);

}  // namespace kommpass::idp::sessions
