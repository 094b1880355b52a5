// SPDX-License-Identifier: Apache-2.0
#include "topd/top/options.hpp"

#include "topd/top/client/request.hpp"

#include <catch2/catch.hpp>

using namespace topd::top;

namespace {

std::string target_of(const std::vector<std::string>& arguments, const Page& page = {}) {
    return rows_target(parse_options(arguments), "of-context", page);
}

std::string usage_error_of(const std::vector<std::string>& arguments) {
    try {
        parse_options(arguments);
    } catch (const UsageError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("topd top asks for what its options say") {
    struct Case {
        std::vector<std::string> arguments;
        std::string target;
    };
    const std::string end = "&offset=0&limit=2000&range=3600";
    const Case cases[] = {
        {{"nodes"}, "/ui/api/rows?kind=node&sort=name&order=asc" + end},
        {{"no", "n1"}, "/ui/api/rows?kind=node&node=n1&sort=name&order=asc" + end},
        {{"pods"}, "/ui/api/rows?kind=pod&namespace=of-context&sort=name&order=asc" + end},
        {{"po", "-n", "web"}, "/ui/api/rows?kind=pod&namespace=web&sort=name&order=asc" + end},
        {{"pod", "a", "-nweb"}, "/ui/api/rows?kind=pod&namespace=web&pod=a&sort=name&order=asc" + end},
        {{"--namespace=web", "pods"}, "/ui/api/rows?kind=pod&namespace=web&sort=name&order=asc" + end},
        {{"pods", "-A"}, "/ui/api/rows?kind=pod&sort=namespace&order=asc" + end},
        {{"pods", "-Aw", "--sort-by", "cpu"}, "/ui/api/rows?kind=pod&sort=cpu&order=desc" + end},
        {{"pods", "-A", "--sort-by=memory", "--range=24h"},
         "/ui/api/rows?kind=pod&sort=memory&order=desc&offset=0&limit=2000&range=86400"},
        {{"nodes", "--range", "15m"},
         "/ui/api/rows?kind=node&sort=name&order=asc&offset=0&limit=2000&range=900"},
        {{"pods", "-A", "--range", "6h"},
         "/ui/api/rows?kind=pod&sort=namespace&order=asc&offset=0&limit=2000&range=21600"},
        {{"pods", "-A", "--search", "a b&limit=9/\x1b"},
         "/ui/api/rows?kind=pod&search=a%20b%26limit%3D9%2F%1B&sort=namespace&order=asc" + end},
        {{"pods", "-n", "a&b", "x#y"},
         "/ui/api/rows?kind=pod&namespace=a%26b&pod=x%23y&sort=name&order=asc" + end},
    };
    for (const Case& c : cases) CHECK(target_of(c.arguments) == c.target);
    CHECK(target_of({"nodes"}, {4000, 7}) ==
          "/ui/api/rows?kind=node&sort=name&order=asc&offset=4000&limit=7&range=3600");
    CHECK(rows_target(parse_options({"pods"}), "", {}).find("&namespace=default&") != std::string::npos);
}

TEST_CASE("topd top reads how to show and where to ask") {
    const Options plain = parse_options({"pods"});
    CHECK((plain.output == Output::table && plain.headings && !plain.watch && plain.limit == 0));
    CHECK((plain.access.service_namespace == "kube-system" && plain.access.service_name == "topd-graphs"));
    const Options all =
        parse_options({"pods", "-w", "-o", "wide", "--no-headers", "--limit=20", "--kubeconfig", "f",
                       "--context=c", "--service", "watching/topd:8000"});
    CHECK((all.watch && all.output == Output::wide && !all.headings && all.limit == 20));
    CHECK((all.access.kubeconfig == "f" && all.access.context == "c"));
    CHECK((all.access.service_namespace == "watching" && all.access.service_name == "topd:8000"));
    CHECK(parse_options({"pods", "-ojson"}).output == Output::json);
    CHECK(parse_options({"pods", "-o=json"}).output == Output::json);
    CHECK(parse_options({"pods", "--url", "http://h:8000/ui/"}).access.url == "http://h:8000");
    CHECK(parse_options({"pods", "--url=https://h/x", "--insecure-skip-tls-verify"}).access.insecure);
    CHECK(parse_options({"-h"}).help);
    CHECK(parse_options({"--help", "whatever"}).help);
}

TEST_CASE("topd top says what is wrong with its command line") {
    struct Case {
        std::vector<std::string> arguments;
        std::string says;
    };
    const Case cases[] = {
        {{}, "say what to show: nodes or pods"},
        {{"things"}, R"(what to show: "things": use one of nodes, node, no, pods, pod, po)"},
        {{"pods", "a", "b\x1b[2J"}, R"(what is "b\x1b[2J"? One name is enough)"},
        {{"pods", "--rang=1h"}, R"(unknown option "--rang=1h")"},
        {{"pods", "-x"}, R"(unknown option "-x")"},
        {{"pods", "-Ax"}, R"(unknown option "-Ax")"},
        {{"pods", "-n"}, "-n needs a value"},
        {{"pods", "--search"}, "--search needs a value"},
        {{"pods", "--search="}, "--search= needs a value"},
        {{"pods", "--watch=yes"}, "--watch takes no value"},
        {{"pods", "--range", "2h"}, R"(--range "2h": use one of 15m, 1h, 6h, 24h)"},
        {{"pods", "--sort-by=age"}, R"(--sort-by "age": use one of name, cpu, memory)"},
        {{"pods", "-o", "yaml"}, R"(--output "yaml": use one of wide, json)"},
        {{"pods", "--limit", "0"}, R"(--limit "0": use a number from 1 on)"},
        {{"pods", "--limit", "-1"}, R"(--limit "-1": use a number from 1 on)"},
        {{"pods", "--limit", "9x"}, R"(--limit "9x": use a number from 1 on)"},
        {{"pods", "--limit", "99999999999999999999"},
         R"(--limit "99999999999999999999": use a number from 1 on)"},
        {{"pods", "--service", "topd"}, R"(--service "topd": use NAMESPACE/NAME or NAMESPACE/NAME:PORT)"},
        {{"pods", "--service", "a/../b"}, R"(--service "a/../b": use NAMESPACE/NAME or NAMESPACE/NAME:PORT)"},
        {{"pods", "--service", "a/b?c"}, R"(--service "a/b?c": use NAMESPACE/NAME or NAMESPACE/NAME:PORT)"},
        {{"nodes", "-A"}, "nodes have no namespace: leave out --namespace and --all-namespaces"},
        {{"nodes", "-n", "a"}, "nodes have no namespace: leave out --namespace and --all-namespaces"},
        {{"pods", "-A", "-n", "a"}, "--namespace and --all-namespaces: use one of them"},
        {{"pods", "a", "-A"}, "a pod of a name is in one namespace: use --namespace"},
        {{"pods", "--insecure-skip-tls-verify"},
         "--certificate-authority and --insecure-skip-tls-verify are for --url https://..."},
        {{"pods", "--url=http://h", "--certificate-authority=f"},
         "--certificate-authority and --insecure-skip-tls-verify are for --url https://..."},
        {{"pods", "--url=https://h", "--certificate-authority=f", "--insecure-skip-tls-verify"},
         "--certificate-authority and --insecure-skip-tls-verify: use one of them"},
    };
    for (const Case& c : cases) CHECK(usage_error_of(c.arguments) == c.says);
}
