// SPDX-License-Identifier: Apache-2.0
#include "kube/collection.hpp"

#include "text/percent.hpp"

namespace kube {
namespace {

// As client-go asks: protobuf rather than JSON, of which some servers and proxies speak nothing else.
constexpr const char* kEither = "application/vnd.kubernetes.protobuf,application/json";
constexpr const char* kPageSize = "500";

// At last whole objects: whoever speaks JSON alone may not know how to leave their specification out.
std::string metadata_as(const std::string& kind) {
    const std::string as = ";as=" + kind + ";g=meta.k8s.io;v=v1,application/json";
    return "application/vnd.kubernetes.protobuf" + as + as;
}

// Parameters are to be added in the order of their names, as Go's url.Values.Encode writes them.
class Query {
  public:
    explicit Query(const std::string& path) : target_{path} {}

    Query& add(std::string_view name, std::string_view value) {
        target_ += separator_;
        target_ += name;
        target_ += '=';
        target_ += text::percent_encoded(value);
        separator_ = '&';
        return *this;
    }
    Query& add_unless_empty(std::string_view name, std::string_view value) {
        if (!value.empty()) add(name, value);
        return *this;
    }
    std::string target() const { return target_; }

  private:
    std::string target_;
    char separator_ = '?';
};

}  // namespace

Collection nodes(std::string label_selector) {
    return {"nodes", "/api/v1/nodes", "", std::move(label_selector), kEither, kEither};
}

Collection running_pods() {
    return {"pods",
            "/api/v1/pods",
            "status.phase=Running",
            "",
            metadata_as("PartialObjectMetadataList"),
            metadata_as("PartialObjectMetadata")};
}

Collection whole_running_pods() {
    Collection pods = running_pods();
    pods.list_accept = kEither;
    pods.watch_accept = kEither;
    return pods;
}

Collection config_map(const std::string& name_space, const std::string& name) {
    return {"configmaps",
            "/api/v1/namespaces/" + name_space + "/configmaps",
            "metadata.name=" + name,
            "",
            kEither,
            kEither};
}

std::string list_target(const Collection& collection, std::string_view continue_token) {
    Query query{collection.path};
    query.add_unless_empty("continue", continue_token)
        .add_unless_empty("fieldSelector", collection.field_selector)
        .add_unless_empty("labelSelector", collection.label_selector)
        .add("limit", kPageSize);
    // A continue token holds its version, and no other may be named beside it.
    if (continue_token.empty()) query.add("resourceVersion", "0");
    return query.target();
}

std::string whole_list_target(const Collection& collection) {
    return Query{collection.path}
        .add_unless_empty("fieldSelector", collection.field_selector)
        .add_unless_empty("labelSelector", collection.label_selector)
        .add("resourceVersion", "0")
        .target();
}

std::string watch_target(const Collection& collection, std::string_view resource_version,
                         std::chrono::seconds timeout) {
    return Query{collection.path}
        .add("allowWatchBookmarks", "true")
        .add_unless_empty("fieldSelector", collection.field_selector)
        .add_unless_empty("labelSelector", collection.label_selector)
        .add("resourceVersion", resource_version)
        .add("timeoutSeconds", std::to_string(timeout.count()))
        .add("watch", "true")
        .target();
}

}  // namespace kube
