// SPDX-License-Identifier: Apache-2.0
#include "storage/applications/applications.hpp"

#include <map>
#include <utility>

namespace storage::applications {

struct Applications::Impl {
    ApplicationsOptions options;
    std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> pods;
    std::function<void(const PodKey&)> wake;
};

Applications::Applications(ApplicationsOptions options) : impl_{std::make_unique<Impl>()} {
    impl_->options = options;
}
Applications::~Applications() = default;

const ApplicationsOptions& Applications::options() const {
    return impl_->options;
}
Asked Applications::ask(const Demand&, Monotonic) {
    return {1, Refused::nothing, {}};
}
Known Applications::known(const Asked&, std::string_view, Monotonic) {
    return {};
}
void Applications::visit_annotated(std::string_view name_space,
                                   const std::function<void(std::string_view)>& visit) const {
    const auto pods = impl_->pods.find(name_space);
    if (pods == impl_->pods.end()) return;
    for (const auto& [name, uid] : pods->second) visit(name);
}
std::vector<std::string> Applications::metric_names() const {
    return {std::string{kUp}};
}
Explanation Applications::explain(const PodKey&, Monotonic) const {
    return {};
}
void Applications::begin_pods() {}
void Applications::end_pods() {}
void Applications::put_pod(const PodKey& pod, std::string_view uid, const Annotations&) {
    impl_->pods[std::string{pod.name_space}][std::string{pod.name}] = uid;
}
void Applications::remove_pod(const PodKey& pod) {
    const auto pods = impl_->pods.find(pod.name_space);
    if (pods != impl_->pods.end()) pods->second.erase(std::string{pod.name});
}
void Applications::on_wanted(std::function<void(const PodKey&)> wake) {
    impl_->wake = std::move(wake);
}
std::optional<Wanted> Applications::wanted(const PodKey&, Monotonic) const {
    return std::nullopt;
}
void Applications::commit(const PodKey&, std::string_view, Reading, Nanos, Monotonic) {}
void Applications::fail(const PodKey&, std::string_view, Missing, std::string, Nanos, Monotonic) {}
bool Applications::lacks_second_page(const PodKey&) const {
    return false;
}
void Applications::expire(Monotonic) {}
ApplicationsStats Applications::stats() const {
    return {};
}

}  // namespace storage::applications
