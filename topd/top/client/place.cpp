// SPDX-License-Identifier: Apache-2.0
#include "topd/top/client/place.hpp"

#include "files/read.hpp"
#include "text/printable.hpp"

#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace topd::top {
namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

bool is_there(const std::string& path) {
    std::error_code error;
    return std::filesystem::exists(path, error);
}

// $KUBECONFIG is a list. kubectl merges its files, topd reads one.
std::string file_of_environment(std::string_view list) {
    std::vector<std::string> found;
    for (std::string_view rest = list; !rest.empty();) {
        const auto colon = std::min(rest.find(':'), rest.size());
        std::string path{rest.substr(0, colon)};
        rest.remove_prefix(std::min(colon + 1, rest.size()));
        if (!path.empty() && is_there(path)) found.push_back(std::move(path));
    }
    if (found.size() == 1) return found.front();
    if (found.empty())
        throw kube::ConfigError{
            fmt::format("KUBECONFIG names no file that is there: {}", text::printable(list))};
    throw kube::ConfigError{
        "KUBECONFIG names several files, which topd does not merge: make one of them by kubectl config view "
        "--flatten > FILE, and name it by --kubeconfig"};
}

kube::Config read_config(const Access& access) {
    if (!access.kubeconfig.empty()) return kube::load_kubeconfig(access.kubeconfig, access.context);
    if (const std::string list = variable("KUBECONFIG"); !list.empty())
        return kube::load_kubeconfig(file_of_environment(list), access.context);
    const std::string usual = variable("HOME") + "/.kube/config";
    if (is_there(usual)) return kube::load_kubeconfig(usual, access.context);
    if (!variable("KUBERNETES_SERVICE_HOST").empty() && access.context.empty()) return kube::in_cluster();
    throw kube::ConfigError{
        fmt::format("there is no kubeconfig: {} is not there, and KUBECONFIG is not set; name one by "
                    "--kubeconfig",
                    usual)};
}

std::string read_authority(const std::string& path) {
    if (path.empty()) return {};
    auto text = files::read(path);
    if (!text)
        throw kube::ConfigError{
            fmt::format("--certificate-authority: cannot read {}: {}", path, text.error().message())};
    return std::move(*text);
}

}  // namespace

Place find_place(const Access& access) {
    Place place;
    place.service_namespace = access.service_namespace;
    place.service_name = access.service_name;
    if (access.url.empty()) {
        place.config = read_config(access);
        place.path = fmt::format("/api/v1/namespaces/{}/services/{}/proxy", access.service_namespace,
                                 access.service_name);
        place.called = fmt::format("Service {}/{} through {}", access.service_namespace, access.service_name,
                                   place.config.server.authority());
        return place;
    }
    const bool secure = access.url.starts_with("https://");
    kube::OtherServer server{"--url", access.url, read_authority(access.certificate_authority),
                             access.insecure};
    place.config = kube::other_server(secure ? read_config(access) : kube::Config{}, server);
    place.called = text::printable(access.url);
    return place;
}

}  // namespace topd::top
