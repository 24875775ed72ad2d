#pragma once

#include "idp/tasks/task.hpp"

#include <vector>

namespace kommpass::idp::admin {
struct operation_services;
struct outgoing_mail;
}  // namespace kommpass::idp::admin
namespace kommpass::idp::audit {
class unproven_records;
}
namespace kommpass::idp::keys {
class key_file_watch;
}
namespace kommpass::idp::login {
class shared_guesses;
}
namespace kommpass::idp::sessions {
class leavers_task;
}
namespace kommpass::idp::tasks {
class outbox_delivery;
class scheduler;
class worker_thread;
}  // namespace kommpass::idp::tasks

namespace kommpass::idp::service {

struct machine;

// Everything that the service does by itself: the one table. What is given outlives the tasks;
// `worker` is the thread for those that block, `by` what will run them.
[[nodiscard]] std::vector<tasks::task> every_task(const admin::operation_services&,
                                                  admin::outgoing_mail&, audit::unproven_records&,
                                                  keys::key_file_watch&, login::shared_guesses&,
                                                  sessions::leavers_task&, tasks::outbox_delivery&,
                                                  tasks::worker_thread& worker, const machine&,
                                                  const tasks::scheduler& by);

}  // namespace kommpass::idp::service
