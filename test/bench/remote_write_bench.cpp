// SPDX-License-Identifier: Apache-2.0
// What a tick costs as remote write: remote_write_bench [NODES [PODS_PER_NODE]], by default 1,000 x 30, a
// sixth of the pods with two containers: without the watches, then with them. Batches as a sink takes them.
#include "sink/remote_write/format.hpp"
#include "storage/watched/watched_objects.hpp"
#include "test/bench/counter.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr std::int64_t kStart = 1'800'000'000;
constexpr std::size_t kBatchPoints = 5000;

struct Container {
    std::string name_space, pod, name, node;
    storage::history::RecentPoint point;
};

class Cluster {
  public:
    Cluster(std::size_t nodes, std::size_t pods) {
        for (std::size_t n = 0; n < nodes; ++n) {
            nodes_.push_back("node-" + std::to_string(n) + ".internal");
            for (std::size_t p = 0; p < pods; ++p) add_pod(n * pods + p, nodes_.back());
        }
    }

    const storage::WatchedObjects& objects() const { return objects_; }
    std::size_t containers() const { return containers_.size(); }

    void next_tick() {
        ++tick_;
        for (Container& each : containers_) {
            each.point.cpu_seconds += between(0.1, 10);
            each.point.memory += (random_() % 64) * 4096;
        }
    }

    // Points and bytes of all batches.
    std::pair<std::size_t, std::size_t> tell(sink::Format& format) const {
        std::size_t points = 0, bytes = 0;
        const auto take = [&] {
            const sink::Batch batch = format.take();
            points += batch.points;
            bytes += batch.body.size();
        };
        format.begin({kStart + tick_ * 60, 0});
        const auto add = [&](const sink::Row& row) {
            format.add(row);
            if (format.points() >= kBatchPoints) take();
        };
        for (const std::string& node : nodes_)
            add({sink::Row::Of::node, {}, {}, {}, node, containers_[0].point, {}});
        for (std::size_t i = 0; i < containers_.size(); ++i) {
            const Container& each = containers_[i];
            if (i == 0 || each.pod != containers_[i - 1].pod)
                add({sink::Row::Of::pod, each.name_space, each.pod, {}, each.node, each.point, {}});
            add({sink::Row::Of::container, each.name_space, each.pod, each.name, each.node, each.point, {}});
        }
        if (format.points() > 0) take();
        return {points, bytes};
    }

  private:
    double between(double low, double high) { return std::uniform_real_distribution{low, high}(random_); }

    void add_pod(std::size_t number, const std::string& node) {
        const std::string space = "team-" + std::to_string(number % 150);
        const std::string pod = "frontend-7d9c6b5f4-" + std::to_string(100'000 + number);
        const std::vector<storage::Quantity> list{{"cpu", 100 + number % 7 * 50}, {"memory", 256 << 20}};
        std::vector<storage::ContainerObject> shown;
        for (const char* name : {"main", "sidecar"}) {
            if (name[0] == 's' && number % 6 != 0) continue;
            shown.push_back({name, "registry.internal/team/frontend:1.27.3", false, list, list});
            Container& each = containers_.emplace_back(Container{space, pod, name, node, {}});
            each.point.cpu_seconds = between(10, 100'000);
            each.point.memory = (random_() % 250'000) * 4096;
            each.point.started = (kStart - static_cast<std::int64_t>(random_() % 1'000'000)) * 1'000'000'000;
        }
        char uid[37];
        std::snprintf(uid, sizeof uid, "%08zx-1b1a-4c3d-9e7f-%012zx", random_() % 0xFFFFFFFF,
                      random_() % 0xFFFFFFFFFFFF);
        const std::string ip = "10." + std::to_string(number / 65536) + "." +
                               std::to_string(number / 256 % 256) + "." + std::to_string(number % 256);
        storage::PodObject object;
        object.name_space = space;
        object.name = pod;
        object.uid = uid;
        object.node = node;
        object.host_ip = "192.0.2.1";
        object.pod_ip = ip;
        object.created_by_kind = "ReplicaSet";
        object.created_by_name = "frontend-7d9c6b5f4";
        object.containers = shown;
        objects_.put_pod(object);
    }

    std::vector<std::string> nodes_;
    std::vector<Container> containers_;
    storage::WatchedObjects objects_;
    std::mt19937_64 random_{7};
    std::int64_t tick_ = 0;
};

void measure(const char* name, Cluster& cluster, const storage::WatchedObjects* objects) {
    const auto format = sink::remote_write::make_format({{nullptr, objects}, {{"cluster", "production"}}});
    const auto [points, bytes] = cluster.tell(*format);
    if (!bench::under_callgrind())
        std::printf("%s: %zu containers, %zu samples, %.1f bytes a sample on the wire, %.2f MB a tick\n",
                    name, cluster.containers(), points,
                    static_cast<double>(bytes) / static_cast<double>(points),
                    static_cast<double>(bytes) / 1e6);
    bench::measure(name, "sample", static_cast<double>(points), 10, [&] { cluster.tell(*format); });
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t nodes = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000;
    const std::size_t pods = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 30;
    Cluster cluster{nodes, pods};
    cluster.next_tick();
    measure("remote write", cluster, nullptr);
    measure("remote write with watched objects", cluster, &cluster.objects());
}
