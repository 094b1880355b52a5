// SPDX-License-Identifier: Apache-2.0
#include "topd/top/client/place.hpp"

#include "test/kube/environment.hpp"
#include "test/kube/temporary_folder.hpp"
#include "topd/top/client/complaint.hpp"
#include "topd/top/show/terminal.hpp"

#include <catch2/catch.hpp>
#include <openssl/x509_vfy.h>

using namespace topd::top;
using kube::test::TemporaryFolder;
using kube::test::Variable;

namespace {

const std::string kKubeconfig =
    "current-context: one\n"
    "contexts:\n"
    "- {name: one, context: {cluster: c, user: u, namespace: web}}\n"
    "- {name: two, context: {cluster: d}}\n"
    "clusters:\n"
    "- {name: c, cluster: {server: 'https://127.0.0.1:6443'}}\n"
    "- {name: d, cluster: {server: 'https://127.0.0.1:7443'}}\n"
    "users:\n"
    "- {name: u, user: {token: secret}}\n";

struct Bare {
    kube::test::CleanEnvironment proxies;
    TemporaryFolder folder;
    Variable home{"HOME", folder.path().c_str()};
    Variable list{"KUBECONFIG", nullptr};
    Variable host{"KUBERNETES_SERVICE_HOST", nullptr};
    std::string file = folder.write("config", kKubeconfig);
};

std::string config_error_of(const Access& access) {
    try {
        find_place(access);
    } catch (const kube::ConfigError& error) {
        return error.what();
    }
    return "";
}

Place place_of(const Access& access) {
    return find_place(access);
}

Access at_url(const std::string& url) {
    Access access;
    access.url = url;
    return access;
}

kube::Failure answered(int status, const std::string& message) {
    return kube::Failure{kube::Errc::refused, status, message};
}

Place graphs() {
    Place place;
    place.path = "/api/v1/namespaces/kube-system/services/topd-graphs/proxy";
    place.called = "Service kube-system/topd-graphs through 10.0.0.1:443";
    place.service_namespace = "kube-system";
    place.service_name = "topd-graphs";
    return place;
}

}  // namespace

TEST_CASE("topd is asked through kube-apiserver unless a URL is given") {
    const Bare bare;
    Access access;
    access.kubeconfig = bare.file;
    const Place place = place_of(access);
    CHECK(place.path == "/api/v1/namespaces/kube-system/services/topd-graphs/proxy");
    CHECK(place.called == "Service kube-system/topd-graphs through 127.0.0.1:6443");
    CHECK((place.config.name_space == "web" && place.config.token.value({}) == "secret"));
    access.context = "two";
    access.service_name = "topd:8000";
    const Place other = place_of(access);
    CHECK(other.path == "/api/v1/namespaces/kube-system/services/topd:8000/proxy");
    CHECK((other.config.server.port == 7443 && other.config.name_space.empty()));
}

TEST_CASE("The kubeconfig is looked for where kubectl does") {
    const Bare bare;
    CHECK(config_error_of({}) ==
          "there is no kubeconfig: " + bare.folder.path() +
              "/.kube/config is not there, and KUBECONFIG is not set; name one by --kubeconfig");
    bare.folder.write(".kube/config", kKubeconfig);
    CHECK(place_of({}).config.server.port == 6443);
    const std::string list = "/is/not/there::" + bare.file;
    const Variable environment{"KUBECONFIG", list.c_str()};
    CHECK(place_of({}).config.server.port == 6443);
    const std::string two = bare.file + ":" + bare.folder.path() + "/.kube/config";
    const Variable both{"KUBECONFIG", two.c_str()};
    CHECK(config_error_of({}).starts_with("KUBECONFIG names several files, which topd does not merge"));
    const Variable none{"KUBECONFIG", "/is/not/there\x1b"};
    CHECK(config_error_of({}) == "KUBECONFIG names no file that is there: /is/not/there?");
}

TEST_CASE("A context that is not there is named") {
    const Bare bare;
    Access access;
    access.kubeconfig = bare.file;
    access.context = "three";
    CHECK(config_error_of(access) ==
          "kubeconfig " + bare.file +
              ": contexts[\"three\"]: there is no such entry; kubectl config get-contexts lists them");
}

TEST_CASE("Plain HTTP needs no kubeconfig and shows no credentials") {
    const Bare bare;
    const Place place = place_of(at_url("http://127.0.0.1:8000/x"));
    CHECK((place.path.empty() && place.config.path_prefix == "/x" && place.config.server.port == 8000));
    CHECK_FALSE(place.config.server.tls);
    CHECK(place.config.token.empty());
    CHECK(config_error_of(at_url("ftp://x")) ==
          "the command line: --url: is not a URL like https://HOST:PORT: ftp://x");
}

TEST_CASE("topd's secure port is shown the kubeconfig's credentials, but no token unless it is verified") {
    const Bare bare;
    Access access = at_url("https://127.0.0.1:10250");
    access.kubeconfig = bare.file;
    const Place place = place_of(access);
    CHECK(place.config.server.tls);
    CHECK((place.config.token.value({}) == "secret" && place.config.server.port == 10250));
    CHECK(place.config.name_space == "web");
    access.insecure = true;
    CHECK(place_of(access).config.token.empty());
    access.insecure = false;
    access.certificate_authority = "/is/not/there";
    CHECK(config_error_of(access) ==
          "--certificate-authority: cannot read /is/not/there: No such file or directory");
}

TEST_CASE("What went wrong is told with what to do") {
    struct Case {
        kube::Failure failure;
        std::string says;
    };
    const std::string at = "Service kube-system/topd-graphs through 10.0.0.1:443: ";
    const Case cases[] = {
        {answered(404, "services \"topd-graphs\" not found"),
         "answered 404: services \"topd-graphs\" not found\n"
         "topd shows history where it has a port for graphs: add the component deploy/graphs "
         "(docs/graphs.md). A "
         "Service\nof another name than kube-system/topd-graphs is named by --service, topd itself by "
         "--url."},
        {answered(404, R"({"error":"not found"})"),
         "answered 404: not found\n"
         "What answers there has no /ui/api: it is an older topd, which has to be replaced, or no topd."},
        {answered(403,
                  "services \"topd-graphs\" is forbidden: User \"x\" cannot get resource \"services/proxy\""),
         "answered 403: services \"topd-graphs\" is forbidden: User \"x\" cannot get resource "
         "\"services/proxy\"\n"
         "Whoever looks needs the right to get services/proxy of this Service, which an administrator "
         "gives:\n"
         "  kubectl -n kube-system create role topd-top --verb=get --resource=services/proxy "
         "--resource-name=topd-graphs\n"
         "  kubectl -n kube-system create rolebinding topd-top --role=topd-top --user=USER"},
        {answered(403, "forbidden: User \"x\" cannot get path \"/ui/api/rows\""),
         "answered 403: forbidden: User \"x\" cannot get path \"/ui/api/rows\"\n"
         "Whoever looks needs a ClusterRole with nonResourceURLs: [\"/ui/*\"] and verbs: [get]."},
        {answered(401, "Unauthorized"),
         "answered 401: Unauthorized\nThe credentials of the kubeconfig are not accepted: they may have "
         "expired, or be another cluster's (--context)."},
        {answered(503, "no endpoints available for service \"topd-graphs\""),
         "answered 503: no endpoints available for service \"topd-graphs\"\nNo pod behind the Service is "
         "ready: kubectl -n kube-system get pods -l k8s-app=metrics-server"},
        {answered(503, "error trying to reach service: dial tcp 10.1.0.1:8000: i/o timeout"),
         "answered 503: error trying to reach service: dial tcp 10.1.0.1:8000: i/o timeout\n"
         "kube-apiserver does not reach topd's port for graphs: topd needs --graphs-address, and the "
         "NetworkPolicy\n"
         "an ipBlock with the control plane's addresses (docs/graphs.md)."},
        {answered(400, R"({"error":"limit is \u001b[2J no number"})"),
         "answered 400: limit is ?[2J no number"},
        {answered(500, ""), "answered 500"},
        {kube::Failure{make_error_code(net::Errc::timeout)},
         make_error_code(net::Errc::timeout).message() +
             "\nIs that the cluster (--kubeconfig, --context), and is it running?"},
    };
    for (const Case& c : cases) CHECK(complaint(c.failure, graphs()) == at + c.says);
}

TEST_CASE("Who asks topd itself is told about its port and its certificate") {
    Place place;
    place.called = "https://topd:10250";
    const net::Error unknown{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, net::certificate_category()};
    CHECK(complaint(kube::Failure{unknown}, place) ==
          "https://topd:10250: " + unknown.message() +
              "\n--certificate-authority names a file of who vouches for that certificate.");
    const net::Error closed = make_error_code(net::Errc::closed);
    CHECK(complaint(kube::Failure{closed}, place) ==
          "https://topd:10250: " + closed.message() +
              "\nDoes topd listen there, and is what leads there (a port-forward, kubectl proxy) running?");
}

TEST_CASE("Blocks are for locales that have them") {
    const Variable all{"LC_ALL", nullptr};
    const Variable type{"LC_CTYPE", nullptr};
    const Variable language{"LANG", nullptr};
    CHECK(marks_of_environment() == Marks::ascii);
    {
        const Variable utf8{"LANG", "en_GB.UTF-8"};
        CHECK(marks_of_environment() == Marks::blocks);
        const Variable posix{"LC_ALL", "C"};
        CHECK(marks_of_environment() == Marks::ascii);
    }
    const Variable utf8{"LC_CTYPE", "C.utf8"};
    CHECK(marks_of_environment() == Marks::blocks);
}
