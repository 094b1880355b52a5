// SPDX-License-Identifier: Apache-2.0
#include "apiserver/debug/words.hpp"

#include "apiserver/debug/moments.hpp"
#include "text/go_text.hpp"

namespace apiserver {
namespace {

using storage::Lack;
using Verdict = storage::PodExplanation::Verdict;

std::string lack_text(Lack lack, std::chrono::nanoseconds bound) {
    switch (lack) {
        case Lack::none:
            return "";
        case Lack::ended:
            return "absent from the last complete page of its node: it has ended, or has not started again";
        case Lack::young:
            return "its only sample was taken too soon after its start to say anything";
        case Lack::no_page:
            return "no page has come yet";
        case Lack::unmeasured:
            return "pages come, but for " + seconds_text(bound) +
                   " none held both its CPU and its memory, not zero";
        case Lack::stale:
            return "no page has come for more than " + seconds_text(bound);
        case Lack::one_sample:
            return "it has one sample, and a rate takes two";
        case Lack::twice:
            return "its kubelet's page holds lines of it that contradict each other, and nothing tells the "
                   "living one from what it left behind";
        case Lack::clock_set:
            return "its node's clock was set (or stood still), so that the samples before and after make no "
                   "rate; the next ones will";
        case Lack::impossible:
            return "its last rate was more than twice what its node has (status.capacity.cpu); the next ones "
                   "will be served again if they are not";
    }
    return "";
}

// Why the start of a container is no point to count from.
std::string_view start_text(const storage::Points& points) {
    if (points.started == 0) return "; the kubelet reports no start to count from";
    if (points.start_outlived) return "; its CPU counter fell, so its start is no point to count from";
    return "; its start is too long before the sample to count from";
}

std::string_view verdict_text(Verdict verdict) {
    switch (verdict) {
        case Verdict::served:
        case Verdict::container:
            return "";
        case Verdict::unknown:
            return "there is no such pod, or it is not Running: topd watches running pods only (or has not "
                   "listed them yet, see /readyz)";
        case Verdict::no_line:
            return "no page of a node has named it: its kubelet does not report it yet, or its node is not "
                   "scraped (see the list of nodes)";
        case Verdict::no_container:
            return "none of its containers runs, or all have just started";
        case Verdict::zeros:
            return "its node's pages tell nothing but zeros of its containers: they have just started, or "
                   "the "
                   "container runtime does not measure them; sandboxed runtimes (gVisor, Kata) give figures "
                   "of "
                   "the pod as a whole (the page's pod_* lines), and metrics are those of containers";
    }
    return "";
}

}  // namespace

std::string_view label(Lack lack) {
    constexpr std::string_view kLabels[] = {"none",  "ended", "young",     "noPage",   "unmeasured",
                                            "twice", "stale", "oneSample", "clockSet", "impossible"};
    return kLabels[static_cast<std::size_t>(lack)];
}

std::string_view label(Verdict verdict) {
    constexpr std::string_view kLabels[] = {"served",      "unknown",   "noLine",
                                            "noContainer", "container", "zeros"};
    return kLabels[static_cast<std::size_t>(verdict)];
}

std::string why(const storage::NodeExplanation& node, std::chrono::nanoseconds bound) {
    return lack_text(node.lack, bound);
}

std::string why(const storage::ContainerExplanation& container, std::chrono::nanoseconds bound) {
    std::string text = lack_text(container.lack, bound);
    if (container.lack == Lack::one_sample) text.append(start_text(container.points));
    return text;
}

std::string why(const storage::PodExplanation& pod, std::chrono::nanoseconds bound) {
    std::string text{verdict_text(pod.verdict)};
    if (pod.verdict == Verdict::container) {
        for (const storage::ContainerExplanation& container : pod.containers) {
            const Lack lack = container.lack;
            if (lack == Lack::none || lack == Lack::ended || lack == Lack::young) continue;
            // One stands for all: a pod is served whole or not at all.
            text = "container " + text::quoted(container.name) + ": " + why(container, bound);
            break;
        }
    }
    if (pod.rival && pod.verdict != Verdict::served)
        text += "; two nodes show it, and only the pages of one count";
    return text;
}

}  // namespace apiserver
