// SPDX-License-Identifier: Apache-2.0
// What the kubelets answered, grouped by what is wrong with them.
#pragma once

#include "kube/objects.hpp"
#include "net/task.hpp"
#include "scraper/options.hpp"
#include "topd/doctor/finding.hpp"
#include "topd/doctor/kubelet_probe.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace topd::doctor {

inline constexpr std::size_t kKubeletsAtOnce = 64;

// As many at once as that, and none that could not be asked before `end`: there may be fewer answers than
// nodes.
net::Task<std::vector<KubeletAnswer>> ask_kubelets(const std::vector<kube::Node>& nodes,
                                                   const scraper::ScraperOptions& options, net::Deadline end);

// kubelet-unauthorized (401), kubelet-forbidden (403), or kubelet- and the reason's label.
std::string kubelet_finding_id(const scraper::Failure& failure);

struct KubeletsSeen {
    std::size_t nodes = 0;
    // --node-selector; empty: none.
    std::string selector;
    std::vector<KubeletAnswer> answers;
    // To nodes/metrics, by what the API server says: it tells why kubelets answer 403.
    enum class Right { unknown, granted, missing } right = Right::unknown;
};
Check judge_kubelets(const KubeletsSeen& seen);

}  // namespace topd::doctor
