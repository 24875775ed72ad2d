#pragma once

namespace kommpass::idp::sessions {

// The topic under which the end of an access waits in the outbox: `end_of_access` puts it there,
// and `oauth/back_channel_logout` hands it on to applications. A JSON object: "person", "why", and
// "clients", a list of {"session", "client"}: who got tokens under the sessions that ended.
inline constexpr auto access_ended_topic = "access.ended";

}  // namespace kommpass::idp::sessions
