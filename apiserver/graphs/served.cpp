// SPDX-License-Identifier: Apache-2.0
#include "apiserver/graphs/served.hpp"

#include "apiserver/encode/json_indent.hpp"
#include "heapster/summary_metrics.hpp"
#include "text/go_text.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace apiserver {
namespace {

using storage::ContainerView;
using storage::NodeView;
using storage::PodView;
using storage::history::OfContainer;
using storage::history::OfNode;
using storage::history::OfPod;
using storage::history::RecentPoint;

// Greater than every pod's name.
constexpr std::string_view kBehindPods = "\xff";

class NameParts : public Parts {
  public:
    explicit NameParts(const ModelSources& sources) : sources_{sources} {}

    bool advance(std::string& out) final {
        compact_.assign(begun_ ? "" : "[");
        begun_ = true;
        const bool more = walk();
        if (!more) compact_.push_back(']');
        indenter_.append(out, compact_);
        return more;
    }

  protected:
    // Adds names of some kTurnThings things. False: there are no more.
    virtual bool walk() = 0;

    void add(std::string_view name) {
        if (std::exchange(some_, true)) compact_.push_back(',');
        text::append_json_string(compact_, name);
    }
    const storage::Store& store() const { return sources_.store; }
    storage::Monotonic now() const { return sources_.monotonic(); }

  private:
    ModelSources sources_;
    JsonIndenter indenter_{kGoRestful};
    std::string compact_;
    bool begun_ = false;
    bool some_ = false;
};

class NoNames final : public NameParts {
  public:
    using NameParts::NameParts;

  private:
    bool walk() override { return false; }
};

class NodeNames : public NameParts {
  public:
    // Each name comes behind the prefix.
    NodeNames(const ModelSources& sources, std::string prefix)
        : NameParts{sources}, prefix_{std::move(prefix)} {}

  protected:
    bool walk() override {
        std::size_t seen = 0;
        store().walk_nodes(after_, now(), [&](const NodeView& node) {
            after_ = node.name;
            if (node.usage) add(prefix_ + after_);
            return ++seen < kTurnThings;
        });
        return seen == kTurnThings;
    }

  private:
    std::string prefix_;
    std::string after_;
};

class PodNames final : public NameParts {
  public:
    PodNames(const ModelSources& sources, std::string_view name_space)
        : NameParts{sources}, name_space_{name_space} {}

  private:
    bool walk() override {
        std::size_t seen = 0;
        store().walk_pods(name_space_, {name_space_, after_}, now(), [&](const PodView& pod) {
            after_ = pod.name;
            if (!pod.containers.empty()) add(after_);
            return ++seen < kTurnThings;
        });
        return seen == kTurnThings;
    }

    std::string name_space_;
    std::string after_;
};

class NamespaceNames final : public NameParts {
  public:
    using NameParts::NameParts;

  private:
    bool walk() override {
        // One pod that is served is enough, the others of the namespace are passed over.
        for (std::size_t seen = 0; seen < kTurnThings;) {
            bool found = false;
            const std::size_t before = seen;
            store().walk_pods({}, {after_namespace_, after_pod_}, now(), [&](const PodView& pod) {
                found = !pod.containers.empty();
                after_namespace_ = pod.name_space;
                after_pod_ = found ? kBehindPods : pod.name;
                return ++seen < kTurnThings && !found;
            });
            if (found) add(after_namespace_);
            if (seen == before) return false;
        }
        return true;
    }

    std::string after_namespace_;
    std::string after_pod_;
};

class AllKeys final : public NodeNames {
  public:
    explicit AllKeys(const ModelSources& sources) : NodeNames{sources, "node:"} {}

  private:
    bool walk() override {
        if (pods_ended_) return NodeNames::walk();
        std::size_t seen = 0;
        store().walk_pods({}, {after_namespace_, after_pod_}, now(), [&](const PodView& pod) {
            after_namespace_ = pod.name_space;
            after_pod_ = pod.name;
            if (!pod.containers.empty()) add_pod(pod);
            return ++seen < kTurnThings;
        });
        pods_ended_ = seen < kTurnThings;
        return true;
    }

    void add_pod(const PodView& pod) {
        const std::string of_namespace = "namespace:" + after_namespace_;
        if (!std::exchange(some_pod_, true)) add("cluster");
        if (of_namespace != namespace_key_) add(of_namespace);
        namespace_key_ = of_namespace;
        const std::string of_pod = of_namespace + "/pod:" + after_pod_;
        add(of_pod);
        for (const ContainerView& container : pod.containers)
            add(of_pod + "/container:" + std::string{container.name});
    }

    std::string after_namespace_;
    std::string after_pod_;
    std::string namespace_key_;
    bool some_pod_ = false;
    bool pods_ended_ = false;
};

class FreeContainerNames final : public NameParts {
  public:
    FreeContainerNames(const ModelSources& sources, std::string_view node)
        : NameParts{sources}, stats_{*sources.stats}, node_{node} {}

  private:
    bool walk() override {
        for (const std::string_view name : stats_.system_containers(node_))
            add(heapster::heapster_name(name));
        return false;
    }

    const storage::stats::StatsHistory& stats_;
    std::string node_;
};

class ContainerNames final : public NameParts {
  public:
    ContainerNames(const ModelSources& sources, const ModelNames& pod)
        : NameParts{sources}, name_space_{pod.name_space}, pod_{pod.pod} {}

  private:
    bool walk() override {
        PodView view;
        if (!store().pod(name_space_, pod_, now(), view)) return false;
        for (const ContainerView& container : view.containers) add(container.name);
        return false;
    }

    std::string name_space_;
    std::string pod_;
};

// Of sums only history knows at once.
bool has_figures_now(const ModelSources& sources, const storage::history::Subject& subject) {
    const storage::history::Seconds last = sources.history.reach().to;
    std::vector<RecentPoint> points;
    if (last > 0) sources.history.read(subject, {last, last}, points);
    return !points.empty();
}

}  // namespace

bool is_served(const ModelSources& sources, const storage::history::Subject& subject) {
    const storage::Monotonic now = sources.monotonic();
    if (const auto* node = std::get_if<OfNode>(&subject)) {
        const auto view = sources.store.node(node->name, now);
        return view && view->usage;
    }
    PodView view;
    if (const auto* pod = std::get_if<OfPod>(&subject))
        return sources.store.pod(pod->name_space, pod->name, now, view) && !view.containers.empty();
    if (const auto* wanted = std::get_if<OfContainer>(&subject)) {
        if (!sources.store.pod(wanted->name_space, wanted->pod, now, view)) return false;
        return std::any_of(view.containers.begin(), view.containers.end(),
                           [&](const ContainerView& each) { return each.name == wanted->name; });
    }
    return has_figures_now(sources, subject);
}

std::unique_ptr<Parts> served_names(const ModelSources& sources, const ModelNames& names) {
    switch (names.of) {
        case ModelNames::Of::nodes:
            return std::make_unique<NodeNames>(sources, "");
        case ModelNames::Of::namespaces:
            return std::make_unique<NamespaceNames>(sources);
        case ModelNames::Of::pods:
            return std::make_unique<PodNames>(sources, names.name_space);
        case ModelNames::Of::containers:
            return std::make_unique<ContainerNames>(sources, names);
        case ModelNames::Of::all_keys:
            return std::make_unique<AllKeys>(sources);
        case ModelNames::Of::free_containers:
            if (sources.stats != nullptr) return std::make_unique<FreeContainerNames>(sources, names.node);
            break;
    }
    // A kubelet's /metrics/resource has none.
    return std::make_unique<NoNames>(sources);
}

}  // namespace apiserver
