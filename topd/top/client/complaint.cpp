// SPDX-License-Identifier: Apache-2.0
#include "topd/top/client/complaint.hpp"

#include "text/printable.hpp"

#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace topd::top {
namespace {

bool holds(std::string_view text, std::string_view words) {
    return text.find(words) != text.npos;
}

// topd's own errors are {"error":"..."}.
std::string said(const kube::Failure& failure) {
    const auto answer = nlohmann::json::parse(failure.message, nullptr, false);
    if (answer.is_object())
        if (const auto error = answer.find("error"); error != answer.end() && error->is_string())
            return text::printable(error->get<std::string>());
    return text::printable(failure.message);
}

std::string service(const Place& place) {
    return fmt::format("{}/{}", place.service_namespace, place.service_name);
}

// What to do about an answer, by its status and by the words of kube-apiserver and of topd.
std::string remedy(int status, std::string_view words, const Place& place) {
    if (status == 401)
        return "The credentials of the kubeconfig are not accepted: they may have expired, or be another "
               "cluster's (--context).";
    if (status == 403 && holds(words, "services/proxy"))
        return fmt::format(
            "Whoever looks needs the right to get services/proxy of this Service, which an administrator "
            "gives:\n"
            "  kubectl -n {0} create role topd-top --verb=get --resource=services/proxy --resource-name={1}\n"
            "  kubectl -n {0} create rolebinding topd-top --role=topd-top --user=USER",
            place.service_namespace, place.service_name);
    if (status == 403 && holds(words, "/ui/"))
        return "Whoever looks needs a ClusterRole with nonResourceURLs: [\"/ui/*\"] and verbs: [get].";
    if (status == 404 && holds(words, "services \""))
        return fmt::format(
            "topd shows history where it has a port for graphs: add the component deploy/graphs "
            "(docs/graphs.md). A Service\n"
            "of another name than {} is named by --service, topd itself by --url.",
            service(place));
    if (status == 404 && holds(words, "namespaces \""))
        return "Name topd's Service by --service NAMESPACE/NAME.";
    if (status == 404)
        return "What answers there has no /ui/api: it is an older topd, which has to be replaced, or no "
               "topd.";
    if (status == 503 && holds(words, "no endpoints available"))
        return fmt::format(
            "No pod behind the Service is ready: kubectl -n {} get pods -l k8s-app=metrics-server",
            place.service_namespace);
    if (holds(words, "error trying to reach service") || holds(words, "dial tcp"))
        return "kube-apiserver does not reach topd's port for graphs: topd needs --graphs-address, and the "
               "NetworkPolicy\n"
               "an ipBlock with the control plane's addresses (docs/graphs.md).";
    if (status == 503) return "topd has nothing to show yet: ask again in a moment.";
    return {};
}

// What to do when nothing answered.
std::string remedy_of_silence(const kube::Failure& failure, const Place& place) {
    const bool is_direct = place.path.empty();
    if (is_direct && net::certificate_fault(failure.code) != net::CertificateFault::none)
        return "--certificate-authority names a file of who vouches for that certificate.";
    if (is_direct)
        return "Does topd listen there, and is what leads there (a port-forward, kubectl proxy) running?";
    if (const std::string_view hint = failure.hint(); !hint.empty()) return std::string{hint};
    return "Is that the cluster (--kubeconfig, --context), and is it running?";
}

}  // namespace

std::string complaint(const kube::Failure& failure, const Place& place) {
    const std::string words = said(failure);
    std::string text;
    std::string what_to_do;
    if (failure.code == kube::Errc::malformed) {
        text = fmt::format("{}: the answer is not topd's: {}", place.called, words);
        what_to_do = "Something else answers there, or a topd of another version.";
    } else if (failure.http_status == 0) {
        text = fmt::format("{}: {}", place.called, text::printable(failure.text()));
        what_to_do = remedy_of_silence(failure, place);
    } else {
        text = fmt::format("{}: answered {}{}{}", place.called, failure.http_status,
                           words.empty() ? "" : ": ", words);
        what_to_do = remedy(failure.http_status, words, place);
    }
    return what_to_do.empty() ? text : text + '\n' + what_to_do;
}

}  // namespace topd::top
