#pragma once

#include "idp/tasks/task.hpp"

#include <functional>
#include <optional>

// What administration does by itself. What is given outlives the tasks.
namespace kommpass::idp::admin {

struct operation_services;
struct outgoing_mail;

// Ends what nobody confirmed in reviews whose time is over.
[[nodiscard]] tasks::task campaigns_task(const operation_services&);
// Drops clients that registered themselves and that nobody approved in time.
[[nodiscard]] tasks::task registrations_task(const operation_services&);
// Which certificates of directories end soon. On every node: what it found stays in the process.
[[nodiscard]] tasks::task certificates_task(const operation_services&);
// Incompatible roles that directories brought about, and who gives roles. Likewise on every node.
[[nodiscard]] tasks::task directory_review_task(const operation_services&);
// Letters on what nobody was told yet. `fence`: of the lease that this node has on the task.
[[nodiscard]] tasks::task notices_task(const operation_services&, outgoing_mail&,
                                       std::function<std::optional<long long>()> fence);

}  // namespace kommpass::idp::admin
