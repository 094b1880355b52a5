// SPDX-License-Identifier: Apache-2.0
#include "scraper/applications/annotated_inventory.hpp"

namespace scraper {

void AnnotatedInventory::begin_list() {
    applications_.begin_pods();
    next_.begin_list();
}

void AnnotatedInventory::end_list() {
    applications_.end_pods();
    next_.end_list();
}

void AnnotatedInventory::put(const kube::Pod& pod) {
    const storage::PodKey key{pod.name_space, pod.name};
    if (pod.scrape.wanted)
        applications_.put_pod(key, pod.uid, {pod.scrape.port, pod.scrape.path, pod.scrape.scheme},
                              pod.resource_version);
    else
        applications_.remove_pod(key);
    next_.put(pod);
}

void AnnotatedInventory::removed(const kube::Pod& pod) {
    applications_.remove_pod({pod.name_space, pod.name});
    next_.removed(pod);
}

}  // namespace scraper
