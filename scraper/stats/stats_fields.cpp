// SPDX-License-Identifier: Apache-2.0
#include "scraper/stats/stats_fields.hpp"

#include "scraper/stats/stats_parser.hpp"
#include "storage/names/name_limits.hpp"
#include "text/rfc3339.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

namespace scraper {
namespace {

using nlohmann::json;
using storage::stats::Container;
using storage::stats::Filesystem;
using storage::stats::Memory;
using storage::stats::Network;
using storage::stats::Node;
using storage::stats::Number;
using storage::stats::Pod;
using storage::stats::Seconds;
using storage::stats::Volume;

// Objects of the page that are none of ours.
struct Passed {};
struct Reference {
    Pod* pod;
};
struct Cpu {
    Container* container;
};
// Of a file system only what is used.
struct Used {
    Number* used;
};
struct Runtime {
    Node* node;
};
struct Claim {
    std::string name;
    std::string name_space;
};
// The default interface's figures, and the sum over all in the list.
struct Interfaces {
    Network standard;
    Network sum;
    Network one;
    bool listed = false;
};
struct Interface {
    Network* figures;
};
struct InterfaceList {
    Interfaces* interfaces;
};

using Object = std::variant<Passed, Node*, Pod*, Reference, Container*, Cpu, Memory*, Used, Filesystem*,
                            Volume*, Claim*, Runtime, Interfaces*, Interface, InterfaceList,
                            std::vector<Container>*, std::vector<Volume>*>;

struct Name {
    std::string* text;
    std::size_t most;
};
// Where a member goes.
using Place = std::variant<Passed, Number*, Seconds*, Name, Object>;

constexpr std::size_t kVolumeNameBytes = 63;

bool is_stats_name(std::string_view text, std::size_t most) {
    const auto harmless = [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '/' && c != '\\'; };
    return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), harmless);
}

// metav1.Time (apimachinery, pkg/apis/meta/v1/time.go).
std::optional<Seconds> time_of(std::string_view text) {
    const auto time = text::parse_rfc3339(text, text::Between::down);
    if (!time) return std::nullopt;
    return std::max<Seconds>(*time, 0);
}

void add(Number& sum, const Number& more) {
    if (more) sum = sum.value_or(0) + *more;
}

Place member(Network& network, std::string_view key) {
    if (key == "rxBytes") return &network.rx_bytes;
    if (key == "txBytes") return &network.tx_bytes;
    if (key == "rxErrors") return &network.rx_errors;
    if (key == "txErrors") return &network.tx_errors;
    return {};
}

Place member(Filesystem& filesystem, std::string_view key) {
    if (key == "usedBytes") return &filesystem.used;
    if (key == "capacityBytes") return &filesystem.capacity;
    if (key == "availableBytes") return &filesystem.available;
    if (key == "inodes") return &filesystem.inodes;
    if (key == "inodesFree") return &filesystem.inodes_free;
    return {};
}

// Each call answers whether to go on.
class StatsHandler final : public json::json_sax_t {
  public:
    StatsHandler(StatsFields& counts, Object whole) : counts_{counts}, next_{whole} {}

    Interfaces& interfaces() { return interfaces_; }

    bool null() override { return true; }
    bool boolean(bool) override { return bad(); }
    bool number_integer(std::int64_t) override { return bad(); }
    bool number_unsigned(std::uint64_t value) override {
        Number** const place = std::get_if<Number*>(&next_);
        if (place == nullptr) return bad();
        **place = value;
        return true;
    }
    bool number_float(double, const std::string&) override { return bad(); }
    bool string(std::string& text) override {
        if (const Name* const name = std::get_if<Name>(&next_)) {
            // Whether it may be left out is for who has it.
            if (is_stats_name(text, name->most)) *name->text = text;
            return true;
        }
        Seconds** const place = std::get_if<Seconds*>(&next_);
        if (place == nullptr) return bad();
        const auto time = time_of(text);
        if (!time) return bad();
        **place = *time;
        return true;
    }
    bool binary(json::binary_t&) override { return false; }

    bool start_object(std::size_t) override {
        if (!open_.empty() && is_list(open_.back())) return open(begin_element(open_.back()));
        const Object* const object = std::get_if<Object>(&next_);
        if (object == nullptr || is_list(*object)) bad();
        return open(object != nullptr && !is_list(*object) ? *object : Object{});
    }
    bool key(std::string& key) override {
        next_ = std::visit([&](auto& of) { return member_of(of, key); }, open_.back());
        return true;
    }
    bool end_object() override {
        const Object ended = open_.back();
        open_.pop_back();
        next_ = {};
        if (!open_.empty()) end_element(open_.back(), ended);
        return true;
    }
    bool start_array(std::size_t) override {
        const bool within = !open_.empty() && is_list(open_.back());
        const Object* const object = within ? nullptr : std::get_if<Object>(&next_);
        if (object == nullptr || !is_list(*object)) bad();
        return open(object != nullptr && is_list(*object) ? *object : Object{});
    }
    bool end_array() override {
        open_.pop_back();
        next_ = {};
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const json::exception&) override { return false; }

  private:
    static bool is_list(const Object& object) {
        return std::holds_alternative<InterfaceList>(object) ||
               std::holds_alternative<std::vector<Container>*>(object) ||
               std::holds_alternative<std::vector<Volume>*>(object);
    }

    // Something of another type than it should have.
    bool bad() {
        const bool passed =
            std::holds_alternative<Passed>(next_) && (open_.empty() || !is_list(open_.back()));
        if (!passed) ++counts_.bad_fields;
        return true;
    }

    bool open(Object object) {
        if (open_.size() == StatsParser::kDeepest) return false;
        open_.push_back(object);
        next_ = {};
        return true;
    }

    template <class Element>
    Object one_more(std::vector<Element>& list) {
        if (counts_.room == 0) {
            ++counts_.bad_things;
            return {};
        }
        --counts_.room;
        return &list.emplace_back();
    }
    Object begin_element(const Object& list) {
        if (auto* const* containers = std::get_if<std::vector<Container>*>(&list))
            return one_more(**containers);
        if (auto* const* volumes = std::get_if<std::vector<Volume>*>(&list)) {
            claim_ = {};
            return one_more(**volumes);
        }
        interfaces_.one = {};
        interfaces_.listed = true;
        return Interface{&interfaces_.one};
    }

    // One whose name is of no use goes.
    template <class Element>
    void keep_named(std::vector<Element>& list) {
        if (!list.back().name.empty()) return;
        list.pop_back();
        ++counts_.bad_things;
    }
    void end_element(const Object& list, const Object& ended) {
        if (auto* const* containers = std::get_if<std::vector<Container>*>(&list);
            containers != nullptr && std::holds_alternative<Container*>(ended))
            keep_named(**containers);
        if (auto* const* volumes = std::get_if<std::vector<Volume>*>(&list);
            volumes != nullptr && std::holds_alternative<Volume*>(ended)) {
            (*volumes)->back().claim = claim_.name;
            keep_named(**volumes);
        }
        if (!std::holds_alternative<InterfaceList>(list)) return;
        add(interfaces_.sum.rx_bytes, interfaces_.one.rx_bytes);
        add(interfaces_.sum.tx_bytes, interfaces_.one.tx_bytes);
        add(interfaces_.sum.rx_errors, interfaces_.one.rx_errors);
        add(interfaces_.sum.tx_errors, interfaces_.one.tx_errors);
    }

    // Lists have no members.
    static Place member_of(const auto&, std::string_view) { return {}; }
    Place member_of(Node* node, std::string_view key) {
        if (key == "startTime") return &node->started;
        if (key == "memory") return Object{&node->memory};
        if (key == "network") return Object{&interfaces_};
        if (key == "fs") return Object{&node->filesystem};
        if (key == "runtime") return Object{Runtime{node}};
        if (key == "systemContainers") return Object{&node->system_containers};
        return {};
    }
    static Place member_of(Runtime runtime, std::string_view key) {
        if (key == "imageFs") return Object{&runtime.node->image_filesystem};
        if (key == "containerFs") return Object{&runtime.node->container_filesystem};
        return {};
    }
    Place member_of(Pod* pod, std::string_view key) {
        if (key == "podRef") return Object{Reference{pod}};
        if (key == "startTime") return &pod->started;
        if (key == "memory") return Object{&pod->memory};
        if (key == "network") return Object{&interfaces_};
        if (key == "ephemeral-storage") return Object{Used{&pod->ephemeral_storage_used}};
        if (key == "containers") return Object{&pod->containers};
        if (key == "volume") return Object{&pod->volumes};
        return {};
    }
    static Place member_of(Reference of, std::string_view key) {
        if (key == "name") return Name{&of.pod->name, storage::kPodNameBytes};
        if (key == "namespace") return Name{&of.pod->name_space, storage::kNamespaceBytes};
        return {};
    }
    static Place member_of(Container* container, std::string_view key) {
        if (key == "name") return Name{&container->name, storage::kContainerNameBytes};
        if (key == "startTime") return &container->started;
        if (key == "cpu") return Object{Cpu{container}};
        if (key == "memory") return Object{&container->memory};
        if (key == "rootfs") return Object{Used{&container->rootfs_used}};
        if (key == "logs") return Object{Used{&container->logs_used}};
        return {};
    }
    static Place member_of(Cpu of, std::string_view key) {
        if (key == "usageCoreNanoSeconds") return &of.container->cpu;
        return {};
    }
    static Place member_of(Memory* memory, std::string_view key) {
        if (key == "time") return &memory->at;
        if (key == "usageBytes") return &memory->usage;
        if (key == "rssBytes") return &memory->rss;
        if (key == "pageFaults") return &memory->page_faults;
        if (key == "majorPageFaults") return &memory->major_page_faults;
        return {};
    }
    static Place member_of(Used of, std::string_view key) {
        if (key == "usedBytes") return of.used;
        return {};
    }
    static Place member_of(Filesystem* filesystem, std::string_view key) { return member(*filesystem, key); }
    Place member_of(Volume* volume, std::string_view key) {
        if (key == "name") return Name{&volume->name, kVolumeNameBytes};
        if (key == "pvcRef") return Object{&claim_};
        return member(volume->filesystem, key);
    }
    static Place member_of(Claim* claim, std::string_view key) {
        if (key == "name") return Name{&claim->name, storage::kPodNameBytes};
        return {};
    }
    static Place member_of(Interfaces* interfaces, std::string_view key) {
        if (key == "time") return &interfaces->standard.at;
        if (key == "interfaces") return Object{InterfaceList{interfaces}};
        return member(interfaces->standard, key);
    }
    static Place member_of(Interface of, std::string_view key) { return member(*of.figures, key); }

    StatsFields& counts_;
    // Of the value after the key that came last; at first, of the whole.
    Place next_;
    // Those that we are in.
    std::vector<Object> open_;
    Interfaces interfaces_;
    Claim claim_;
};

}  // namespace

bool StatsFields::read(std::string_view text, Pod& pod) {
    StatsHandler handler{*this, Object{&pod}};
    if (!json::sax_parse(text.begin(), text.end(), &handler)) return false;
    const Interfaces& seen = handler.interfaces();
    pod.network = seen.listed ? seen.sum : seen.standard;
    pod.network.at = seen.standard.at;
    return !pod.name.empty() && !pod.name_space.empty();
}

bool StatsFields::read(std::string_view text, Node& node) {
    StatsHandler handler{*this, Object{&node}};
    if (!json::sax_parse(text.begin(), text.end(), &handler)) return false;
    const Interfaces& seen = handler.interfaces();
    // All interfaces of a node would count what its bridges carry twice.
    const bool has_default = seen.standard.rx_bytes || seen.standard.tx_bytes;
    node.network = has_default ? seen.standard : seen.sum;
    node.network.at = seen.standard.at;
    if (!node.container_filesystem.used && !node.container_filesystem.capacity)
        node.container_filesystem = node.image_filesystem;
    return true;
}

}  // namespace scraper
