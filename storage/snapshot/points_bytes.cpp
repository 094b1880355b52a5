// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshot/points_bytes.hpp"

#include "storage/snapshot/names.hpp"

#include <chrono>
#include <limits>
#include <utility>

namespace storage::snapshot {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kMostNanos = std::numeric_limits<Nanos>::max();
// Of an age, in milliseconds: what is older has been useless for long.
constexpr std::uint64_t kMostAge = 86'400'000;

// Bits.
constexpr std::uint64_t kPresent = 1;
constexpr std::uint64_t kTwice = 2;
constexpr std::uint64_t kStartOutlived = 4;
constexpr std::uint64_t kPresentClock = 8;
constexpr std::uint64_t kClockSet = 16;
constexpr std::uint64_t kImpossible = 32;
constexpr std::uint64_t kMostMarks = 63;

// Rounded up: what is served for a time is served no longer than that.
void put_age(Bytes& bytes, Monotonic then, Monotonic now) {
    const auto age = std::chrono::ceil<milliseconds>(now - then).count();
    bytes.put(std::min(static_cast<std::uint64_t>(std::max<std::int64_t>(age, 0)), kMostAge));
}

Monotonic take_age(BytesReader& bytes, Monotonic then) {
    return then - milliseconds{bytes.number(kMostAge)};
}

Nanos take_nanos(BytesReader& bytes) {
    return static_cast<Nanos>(bytes.number(kMostNanos));
}

void put_nanos(Bytes& bytes, Nanos time) {
    bytes.put(static_cast<std::uint64_t>(std::max<Nanos>(time, 0)));
}

std::uint64_t marks_of(const Points& points, bool present, bool twice) {
    return (present ? kPresent : 0) | (twice ? kTwice : 0) | (points.start_outlived ? kStartOutlived : 0) |
           (points.clock == kPresentSetting ? kPresentClock : 0) |
           (points.lost == Points::Lost::clock_set ? kClockSet : 0) |
           (points.lost == Points::Lost::impossible ? kImpossible : 0);
}

void put_points(Bytes& bytes, const Points& points, std::uint64_t marks, Monotonic now) {
    bytes.put(marks);
    put_nanos(bytes, points.last.at);
    // A container that was never measured.
    if (points.empty()) return;
    bytes.put(points.last.cpu);
    put_nanos(bytes, points.previous.at);
    if (points.previous.at != 0) bytes.put(points.previous.cpu);
    bytes.put(points.memory);
    put_nanos(bytes, points.memory_at);
    put_nanos(bytes, points.swap_at);
    if (points.swap_at != 0) bytes.put(points.swap);
    put_nanos(bytes, points.started);
    put_age(bytes, points.seen_at, now);
    bytes.put(points.life);
    bytes.put(points.shown_for);
}

// Returns the marks.
std::uint64_t take_points(BytesReader& bytes, Points& points, Monotonic then) {
    const std::uint64_t marks = bytes.number(kMostMarks);
    points.last.at = take_nanos(bytes);
    if (points.empty()) return marks;
    points.last.cpu = bytes.number();
    points.previous.at = take_nanos(bytes);
    if (points.previous.at != 0) points.previous.cpu = bytes.number();
    points.memory = bytes.number();
    points.memory_at = take_nanos(bytes);
    points.swap_at = take_nanos(bytes);
    if (points.swap_at != 0) points.swap = bytes.number();
    points.started = take_nanos(bytes);
    points.seen_at = take_age(bytes, then);
    points.life = static_cast<std::uint8_t>(bytes.number(kLives - 1));
    points.shown_for = static_cast<std::uint32_t>(bytes.number(UINT32_MAX));
    points.start_outlived = (marks & kStartOutlived) != 0;
    points.clock = (marks & kPresentClock) != 0 ? kPresentSetting : kOtherSetting;
    if ((marks & kClockSet) != 0) points.lost = Points::Lost::clock_set;
    if ((marks & kImpossible) != 0) points.lost = Points::Lost::impossible;
    // The invariant of Points.
    if (points.previous.at >= points.last.at || points.previous.cpu > points.last.cpu) bytes.fail();
    return marks;
}

void put_pod(Bytes& bytes, const SavedPod& pod, Monotonic now) {
    bytes.put(pod.name_space);
    bytes.put(pod.name);
    bytes.put(pod.uid);
    for (const SavedContainer& container : pod.containers) {
        bytes.put(container.name);
        put_points(bytes, container.points, marks_of(container.points, container.present, container.twice),
                   now);
    }
    bytes.put(std::string_view{});
}

// Ends with the container without a name. They are told by name.
bool take_pod(BytesReader& bytes, SavedPod& pod, Monotonic then) {
    pod.name = bytes.text(kPodNameBytes);
    pod.uid = bytes.number();
    bool named = is_name(pod.name_space) && is_name(pod.name) && pod.uid != 0;
    while (!bytes.failed()) {
        SavedContainer container;
        container.name = bytes.text(kContainerNameBytes);
        if (container.name.empty()) break;
        if (!pod.containers.empty() && container.name <= pod.containers.back().name) bytes.fail();
        const std::uint64_t marks = take_points(bytes, container.points, then);
        container.present = (marks & kPresent) != 0;
        container.twice = (marks & kTwice) != 0;
        named = named && is_name(container.name);
        if (!bytes.failed()) pod.containers.push_back(std::move(container));
    }
    return named && !bytes.failed();
}

}  // namespace

void put_node(Bytes& bytes, const SavedNode& node, Monotonic now) {
    bytes.put(node.name);
    bytes.put(node.uid);
    put_age(bytes, node.committed_at, now);
    put_age(bytes, node.moved_at, now);
    put_points(bytes, node.points, marks_of(node.points, true, node.twice), now);
    for (const SavedPod& pod : node.pods) put_pod(bytes, pod, now);
    bytes.put(std::string_view{});
}

// Ends with the pod without a namespace.
bool take_node(BytesReader& bytes, SavedNode& node, Monotonic then) {
    node.name = bytes.text(kNodeNameBytes);
    node.uid = bytes.number();
    node.committed_at = take_age(bytes, then);
    node.moved_at = take_age(bytes, then);
    node.twice = (take_points(bytes, node.points, then) & kTwice) != 0;
    while (!bytes.failed()) {
        SavedPod pod;
        pod.name_space = bytes.text(kNamespaceBytes);
        if (pod.name_space.empty()) break;
        if (take_pod(bytes, pod, then)) node.pods.push_back(std::move(pod));
    }
    if (!is_name(node.name) || node.uid == 0) node.name.clear();
    return !bytes.failed();
}

}  // namespace storage::snapshot
