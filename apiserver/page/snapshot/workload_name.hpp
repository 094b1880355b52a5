// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace apiserver {

// What pods of one workload have in common in their names, where their owners are not known: web of
// web-5d9f7c6b4-x7k2p (Deployment), agent of agent-x7k2p (DaemonSet, Job), db of db-0 (StatefulSet), backup
// of backup-29011234-x7k2p (CronJob). The name itself where it has no such end.
std::string_view workload_name(std::string_view pod);

}  // namespace apiserver
