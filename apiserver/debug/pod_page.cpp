// SPDX-License-Identifier: Apache-2.0
#include "apiserver/debug/pod_page.hpp"

#include "apiserver/debug/text_table.hpp"
#include "apiserver/debug/words.hpp"
#include "apiserver/encode/json_object.hpp"
#include "apiserver/encode/quantity.hpp"

namespace apiserver {
namespace {

using storage::Lack;
using storage::Point;

constexpr Column kColumns[] = {{"CONTAINER", 24},   {"STARTED", 24}, {"PREVIOUS SAMPLE", 24},
                               {"LAST SAMPLE", 24}, {"WINDOW", 8},   {"CPU", 12},
                               {"MEMORY", 10}};

// Of titles of lines.
constexpr std::size_t kTitle = 8;

void append_point(JsonObject& object, std::string_view key, const Point& point) {
    if (point.at == 0) return;
    JsonObject member{object.member(key)};
    member.text("time", time_text(point.at));
    member.number("cpuNanoseconds", point.cpu);
    member.end();
}

void append_container(std::string& out, const storage::ContainerExplanation& container, const Moments& now,
                      std::chrono::nanoseconds bound) {
    const storage::Points& points = container.points;
    JsonObject object{out};
    object.text("container", container.name);
    if (points.started != 0) object.text("started", time_text(points.started));
    append_point(object, "previous", points.previous);
    append_point(object, "last", points.last);
    if (!points.empty()) object.text("lastSeen", time_text(now.wall_time(points.seen_at)));
    if (container.usage) {
        object.text("window", milliseconds_text(container.usage->window));
        object.text("cpu", QuantityText::of_nanocores(container.usage->cpu).view());
        object.text("memory", QuantityText::of_bytes(container.usage->memory).view());
    }
    object.text("lack", container.lack == Lack::none ? std::string_view{} : label(container.lack));
    object.text("why", why(container, bound));
    object.end();
}

void append_line(std::string& out, const storage::ContainerExplanation& container,
                 std::chrono::nanoseconds bound) {
    const auto time = [](storage::Nanos at) { return at == 0 ? std::string{"-"} : time_text(at); };
    const storage::Points& points = container.points;
    std::string cells[std::size(kColumns)] = {std::string{container.name}, time(points.started),
                                              time(points.previous.at), time(points.last.at)};
    if (container.usage) {
        cells[4] = milliseconds_text(container.usage->window);
        cells[5] = QuantityText::of_nanocores(container.usage->cpu).view();
        cells[6] = QuantityText::of_bytes(container.usage->memory).view();
    }
    append_cells(out, kColumns, cells);
    append_last(out, why(container, bound));
}

}  // namespace

std::string pod_json(const PodPage& page, const Moments& now, std::chrono::nanoseconds bound) {
    const storage::PodExplanation& pod = page.pod;
    std::string out;
    JsonObject object{out};
    object.text("namespace", page.name_space);
    object.text("pod", page.name);
    object.text("verdict", label(pod.verdict));
    object.text("why", why(pod, bound));
    if (page.node) append_json(object.member("node"), *page.node, now, bound);
    if (pod.rival) {
        JsonObject rival{object.member("alsoShownBy")};
        rival.text("node", pod.rival->node);
        rival.text("lastSeen", time_text(now.wall_time(pod.rival->seen_at)));
        rival.end();
    }
    append_array(object.member("containers"), pod.containers,
                 [&](const auto& container) { append_container(out, container, now, bound); });
    if (page.applications != nullptr)
        append_application_json(object.member("application"), *page.applications,
                                {page.name_space, page.name}, now);
    object.end();
    return out;
}

std::string pod_text(const PodPage& page, const Moments& now, std::chrono::nanoseconds bound) {
    const storage::PodExplanation& pod = page.pod;
    std::string out;
    append_named(out, "POD", kTitle, std::string{page.name_space}.append("/").append(page.name));
    append_named(out, "VERDICT", kTitle, label(pod.verdict));
    append_named(out, "WHY", kTitle, why(pod, bound));
    if (pod.rival)
        append_named(out, "ALSO ON", kTitle,
                     std::string{pod.rival->node}
                         .append(", last page ")
                         .append(seconds_text(now.monotonic - pod.rival->seen_at) + " ago"));
    if (page.node) {
        out.push_back('\n');
        append_node_header(out);
        append_line(out, *page.node, now, bound);
    }
    if (!pod.containers.empty()) {
        out.push_back('\n');
        append_titles(out, kColumns);
        append_last(out, "WHY");
    }
    for (const storage::ContainerExplanation& container : pod.containers) append_line(out, container, bound);
    if (page.applications != nullptr)
        out.append("\n").append(application_text(*page.applications, {page.name_space, page.name}, now));
    return out;
}

}  // namespace apiserver
