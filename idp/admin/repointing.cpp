#include "idp/admin/repointing.hpp"

namespace kommpass::idp::admin {
namespace {

// What is left counts, and so does a setting that is new.
directory_settings without_harmless(directory_settings one) {
    const directory_settings usual;
    one.bind_password_file.clear();
    one.bind_password_env.clear();
    one.bind_password_sealed.clear();
    one.order = usual.order;
    one.extra_attributes.clear();
    one.connect_timeout = usual.connect_timeout;
    one.deadline = usual.deadline;
    one.failover_after = usual.failover_after;
    one.health_check = usual.health_check;
    one.max_waiting = usual.max_waiting;
    one.search_connections = usual.search_connections;
    one.bind_connections = usual.bind_connections;
    one.page_size = usual.page_size;
    one.identity_cache = usual.identity_cache;
    one.group_cache = usual.group_cache;
    one.lockout_threshold = usual.lockout_threshold;
    one.lockout_window = usual.lockout_window;
    one.change_password = usual.change_password;
    one.expiry_notice = usual.expiry_notice;
    one.watch = usual.watch;
    one.poll_interval = usual.poll_interval;
    one.trust_while_unreachable = usual.trust_while_unreachable;
    return one;
}

}  // namespace

bool repoints(const directory_settings& was, const directory_settings& is) {
    return !(without_harmless(was) == without_harmless(is));
}

bool same_on_the_machine(const directory_settings& a, const directory_settings& b) {
    const auto kept = [](const std::string& was, const std::string& is) {
        return is.empty() || is == was;
    };
    return kept(a.ca_file, b.ca_file) &&
           kept(a.client_certificate_file, b.client_certificate_file) &&
           kept(a.client_key_file, b.client_key_file) &&
           kept(a.bind_password_file, b.bind_password_file) &&
           kept(a.bind_password_env, b.bind_password_env) &&
           a.allow_plain_text == b.allow_plain_text &&
           (b.transport != directory_transport::plain || a.transport == b.transport);
}

bool leads_secret_elsewhere(const directory_settings& a, const directory_settings& b) {
    const bool elsewhere = a.urls != b.urls || a.transport != b.transport ||
                           a.ca_file != b.ca_file || a.ca_certificate != b.ca_certificate;
    const bool keeps =
        !b.bind_password_file.empty() || !b.bind_password_env.empty() ||
        !b.client_key_file.empty() ||
        (!b.bind_password_sealed.empty() && b.bind_password_sealed == a.bind_password_sealed);
    return elsewhere && keeps;
}

std::vector<member_slug> repointed_members(const policies::registry& before,
                                           const policies::registry& after) {
    std::vector<member_slug> members;
    for (const auto& [slug, was] : before.members) {
        const auto is = after.members.find(slug);
        if (is == after.members.end() || !was.active) continue;
        if (repoints(was.directory, is->second.directory)) members.push_back(slug);
    }
    return members;
}

}  // namespace kommpass::idp::admin
