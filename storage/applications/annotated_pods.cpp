// SPDX-License-Identifier: Apache-2.0
#include "storage/applications/annotated_pods.hpp"

#include <algorithm>

namespace storage::applications {

PodDemand* Application::find(std::uint32_t demand) {
    const auto at = std::find_if(demands.begin(), demands.end(),
                                 [demand](const PodDemand& each) { return each.demand() == demand; });
    return at == demands.end() ? nullptr : &*at;
}

AnnotatedPod* AnnotatedPods::find(const PodKey& pod) {
    const auto of_namespace = pods_.find(pod.name_space);
    if (of_namespace == pods_.end()) return nullptr;
    const auto known = of_namespace->second.find(pod.name);
    return known == of_namespace->second.end() ? nullptr : &known->second;
}

AnnotatedPod& AnnotatedPods::put(const PodKey& pod, const Annotations& annotations) {
    OfNamespace& of_namespace = pods_[std::string{pod.name_space}];
    const auto [at, is_new] = of_namespace.try_emplace(std::string{pod.name});
    AnnotatedPod& known = at->second;
    if (is_new) ++size_;
    known.list = list_;
    if (known.annotations && *known.annotations == annotations) return known;
    if (!last_ || *last_ != annotations) last_ = std::make_shared<const Annotations>(annotations);
    known.annotations = last_;
    return known;
}

void AnnotatedPods::remove(const PodKey& pod) {
    const auto of_namespace = pods_.find(pod.name_space);
    if (of_namespace == pods_.end()) return;
    const auto known = of_namespace->second.find(pod.name);
    if (known == of_namespace->second.end()) return;
    of_namespace->second.erase(known);
    --size_;
    if (of_namespace->second.empty()) pods_.erase(of_namespace);
}

void AnnotatedPods::end(const std::function<void(AnnotatedPod&)>& going) {
    for (auto of_namespace = pods_.begin(); of_namespace != pods_.end();) {
        OfNamespace& pods = of_namespace->second;
        for (auto at = pods.begin(); at != pods.end();) {
            if (at->second.list == list_) {
                ++at;
                continue;
            }
            going(at->second);
            at = pods.erase(at);
            --size_;
        }
        of_namespace = pods.empty() ? pods_.erase(of_namespace) : std::next(of_namespace);
    }
}

void AnnotatedPods::visit(std::string_view name_space,
                          const std::function<void(std::string_view)>& visit) const {
    const auto of_namespace = pods_.find(name_space);
    if (of_namespace == pods_.end()) return;
    for (const auto& entry : of_namespace->second) visit(entry.first);
}

}  // namespace storage::applications
