#include "idp/service/every_task.hpp"

#include "config/settings.hpp"
#include "idp/admin/administration_tasks.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/audit/checkpoint_task.hpp"
#include "idp/audit/retention_task.hpp"
#include "idp/audit/sums_task.hpp"
#include "idp/keys/key_file_watch.hpp"
#include "idp/login/shared_guesses.hpp"
#include "idp/registry/revision_task.hpp"
#include "idp/service/machine.hpp"
#include "idp/sessions/leavers_task.hpp"
#include "idp/tasks/clock_task.hpp"
#include "idp/tasks/outbox_delivery.hpp"
#include "idp/tasks/scheduler.hpp"
#include "idp/tasks/shared_clock_task.hpp"
#include "idp/tasks/store_trial_task.hpp"
#include "idp/tasks/sweep_task.hpp"

namespace kommpass::idp::service {

std::vector<tasks::task> every_task(const admin::operation_services& services,
                                    admin::outgoing_mail& mail, audit::unproven_records& unproven,
                                    keys::key_file_watch& key_file, login::shared_guesses& guesses,
                                    sessions::leavers_task& leavers, tasks::outbox_delivery& outbox,
                                    tasks::worker_thread& worker, const machine& beneath,
                                    const tasks::scheduler& by) {
    const auto& s = services;
    return {tasks::clock_task(beneath.time, s.log),
            tasks::shared_clock_task(s.memory, s.time, beneath.shared, s.log),
            tasks::store_trial_task(s.memory, s.time, beneath.store_fails),
            registry::revision_task(s.memory, s.registry, s.log, worker, s.registry_changed),
            key_file.file_task(),
            key_file.rotation_task(),
            guesses.as_task(),
            tasks::sweep_task(s.memory, s.time),
            audit::checkpoint_task(s.memory, s.keys, s.time, worker),
            audit::sums_task(s.memory, unproven),
            audit::retention_task(s.memory, s.settings.retention, s.time, worker),
            outbox.as_task(),
            leavers.as_task(),
            admin::campaigns_task(s),
            admin::registrations_task(s),
            admin::certificates_task(s),
            admin::directory_review_task(s),
            admin::notices_task(s, mail, [&by] { return by.fence_of("notices"); })};
}

}  // namespace kommpass::idp::service
