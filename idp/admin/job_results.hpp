#pragma once

#include "directory/diagnosis/report.hpp"
#include "directory/diagnosis/tls_probe.hpp"
#include "idp/admin/effects.hpp"
#include "idp/admin/jobs.hpp"
#include "idp/admin/refusal.hpp"
#include "idp/admin/role_holders.hpp"
#include "idp/audit/verification.hpp"

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace kommpass::idp::jose {
class key_ring;
}

// What long work comes to. The faces turn it into pages or JSON.
namespace kommpass::idp::admin {

struct simulated_change {
    long long revision = 0;  // that the draft was made on
    std::vector<member_effects> effects;
};

struct role_matrix {
    member_slug member;
    policies::snapshot_ptr registry;
    std::vector<role_holder> holders;
    reading_extent came{};
};

struct begun_campaign {
    std::string id;
};

struct past_holder {
    person_id person;  // empty for somebody who never signed in
    std::string login_name;
    std::string display_name;
    policies::evaluation roles;
    bool used = false;  // signed in to the application on that day
};
struct past_access {
    member_slug member;
    application_key application;
    role_name role;  // empty: every role
    kommpass::day day;
    policies::snapshot_ptr registry;  // of the revision that was in force
    std::vector<past_holder> holders;
    std::vector<std::string> gone;  // used it, and the directory does not know them any more
    // Used it, and the directory told of nobody like that, nor of everybody: not known to be gone.
    std::vector<std::string> unanswered{};
    reading_extent came{};
};

// Also of a directory that is being set up.
struct directory_test {
    member_slug member;
    directory::diagnosis::report said;
};

struct shown_server {
    std::string url;
    std::vector<directory::diagnosis::seen_certificate> certificates;
};
struct certificate_look {
    member_slug member;
    directory::diagnosis::report said;
    std::vector<shown_server> servers;
};

struct rotated_keys {
    std::shared_ptr<const jose::key_ring> keys;
};

using job_result =
    std::variant<simulated_change, role_matrix, begun_campaign, past_access, directory_test,
                 certificate_look, rotated_keys, audit::chain_report>;

struct job_outcome {
    answer<job_result> value;
};

inline void finish(job& running, answer<job_result> made) {
    running.finish(std::make_shared<const job_outcome>(job_outcome{std::move(made)}));
}

// The result of an ended job if it is of this kind; null else. `ended` owns it.
template <class Result>
[[nodiscard]] const Result* result_of(const std::shared_ptr<const job_outcome>& ended) {
    return ended && ended->value ? std::get_if<Result>(&*ended->value) : nullptr;
}

}  // namespace kommpass::idp::admin
