#include "idp/admin/provider_workplace.hpp"

#include "idp/admin/desk.hpp"

namespace kommpass::idp::admin {

workplace workplace_of(provider& p) {
    return {p.memory, p.registry, p.directories,    p.time, p.random, p.desk.registry_changed,
            {},       {},         &p.desk.computing};
}

workplace workplace_of(provider& p, const http::request& request) {
    auto made = workplace_of(p);
    made.request = request.id;
    made.address = request.peer.to_string();
    return made;
}

}  // namespace kommpass::idp::admin
